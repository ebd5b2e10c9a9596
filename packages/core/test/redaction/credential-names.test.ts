import { redact } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { cpuTimeOf } from '../cpu-time.js'

const isHidden = (name: string) =>
  redact({ [name]: 'x' }) !== undefined && JSON.stringify(redact({ [name]: 'x' })).includes('[redacted]')

describe('the names of credentials', () => {
  it.each([
    'appPass smtp_pw mfaCode totpKey 2faCode passkey jwt accessKey connectionString',
    'password app_password APP-PASSWORD Password1 passwd pwd smtpPwd smtppwd imapPass mailboxPass userpass Passwort',
    'passPhrase pass_code passKey pw PW smtpPW pass pin mailboxPin PIN user_pin',
    'secret client_secret refreshToken access_token csrfToken token authToken idToken bearer bearerToken sessionToken',
    'apiKey api_key X-Api-Key privateKey private_key_pem access_key secretAccessKey encryption_key signingKey sealingKeys masterKey',
    'sshKey sessionKey storageAccountKey accountKey sharedAccessKey recovery_key',
    'otp otpCode otpUrl otpauth_uri totp totpSecret totpUrl totp_seed hotpKey mfaSecret mfa_code mfaKey twoFactorCode tfaCode 2fa_code 2faKey 2fa-seed',
    'authenticatorSecret authenticatorKey authenticatorCode verificationCode verification_code loginCode securityCode oneTimeCode smsCode authCode resetCode',
    'recoveryCodes backup_codes backupCode scratchCodes accessCode pinCode',
    'finalUrl magicLink resetUrl password_reset_link databaseUrl redisUri smtpUrl dsn sentryDsn connStr connection_string',
    'authorization Proxy-Authorization cookie Set-Cookie signature x-webhook-signature credentials idJwt jwtToken mnemonic seedPhrase sessionId',
  ])('hide %s', (names) => {
    expect(names.split(' ').filter((name) => !isHidden(name))).toEqual([])
  })

  it.each([
    'email userName firstName domain status reason uid mailboxId subscriptionId event_id team_name workspaceType',
    'bypass compass passenger passed isPassive pinned spin pinterest opinion shipping pwned',
    'key keyword publicKey primaryKey idempotencyKey monkey accessKeyId keyId keyboard',
    'code statusCode errorCode countryCode postalCode codec barcode zip_code promoCode languageCode',
    'url loginUrl consent_url webhookUrl imapHost smtpPort pop3Host link profile_picture',
    'author authenticated isAuthenticated authorId session_count otpEnabled mfaEnabled tfa_enabled secs sect',
    'hash subject html text preview headers messageId thread_id timestamp design assign',
  ])('do not hide %s', (names) => {
    expect(names.split(' ').filter(isHidden)).toEqual([])
  })

  it('count at the ends of a name that is longer than 200 characters, because its sender chooses it', () => {
    const [x, half] = ['x'.repeat(300), 'x'.repeat(92)]
    expect([`password${x}`, `${x}password`, `${half}password${half}`].map(isHidden)).toEqual([true, true, true])
    expect(isHidden(`${x}password${x}`)).toBe(false)
  })

  it('are looked at in no time, however long they are', () => {
    const names = ['a', 'pass', 'auth', 'otp_', '2fa', 'smtp-', 'T'].map((part) => part.repeat(1_000_000))
    expect(cpuTimeOf(() => names.map((name) => redact({ [name]: 'x' })))).toBeLessThan(500)
    expect(isHidden(`${'x'.repeat(1_000_000)}Password`)).toBe(true)
  })
})

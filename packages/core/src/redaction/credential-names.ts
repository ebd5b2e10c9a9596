/**
 * Returns a function that tells whether a field with this name holds a credential, at the built-in providers or in
 * general. A part of the name suffices: `smtp_password`, `refreshToken`, `2faCode`. Case, `_`, `-` and spaces do not count.
 *
 * @param also more names, which count as a whole
 */
export function credentialNames(also: readonly string[]): (name: string) => boolean {
  const names = new Set(also.map(join))
  return (given) => {
    const name = given.length > MAX_NAME ? given.slice(0, MAX_NAME / 2) + given.slice(-MAX_NAME / 2) : given
    const joined = join(name)
    return names.has(joined) || IN_NAMES.test(joined) || WHOLE_NAMES.test(joined) || LAST_WORDS.test(name)
  }
}

/** The sender of a payload chooses its names. Of a longer one only the ends count. */
const MAX_NAME = 200

const join = (name: string) => name.toLowerCase().replace(/[-_\s.]/g, '')

/** `finalUrl` looks like an OAuth callback, whose query may hold a code. */
const WHOLE_NAMES = /^(?:pwd?|pass|pin|jwt|bearer|t?otp|seed|dsn|cvv|cvc|finalurl|auth|sessionid)$/

/** Behind these words, a key, a code or a link is a credential. `publicKey` and `primaryKey` are none. */
const IN_NAMES =
  /pass(?:word|wd|phrase|code|key|wort)|passwort|secret|token|credential|authorization|signature|cookie|mnemonic|seedphrase|connection(?:string|url|uri)|connstr|(?:api|private|access|account|auth|master|encryption|decryption|sealing|signing|session|storage|service|shared|security|ssh|smtp|imap|mfa|2fa|tfa|t?otp|hotp|authenticator|hmac|recovery|backup|license)keys?(?:base64|hex|b64|pem|value)?$|(?:mfa|2fa|tfa|t?otp|hotp|sms|auth|auth(?:entication|orization|enticator)|login|signin|verification|verify|confirmation|activation|security|onetime|recovery|backup|reset|factor|access|pin|scratch|emergency)codes?$|(?:mfa|2fa|tfa|t?otp|hotp|authenticator)(?:auth)?(?:seed|url|uri|link|qr|qrcode)$|(?:magic|reset|recovery|onetime)(?:link|url|uri)$|(?:database|mongo(?:db)?|redis|amqp|postgres(?:ql)?|mysql|smtp|imap)(?:url|uri|dsn)$|(?:smtp|imap|pop3?|mail|mailbox|user|app|db|admin|root|account|login|proxy|ftp|ssh|email)(?:pass|pwd?)$/

/** Too short to be looked for within a word: `appPass` and `smtp_pw`, not `bypass` and `compass`. */
const LAST_WORDS =
  /(?:[a-z\d](?:P(?:ass|w|wd|in)|J(?:wt|WT)|O(?:tp|TP)|T(?:otp|OTP)|D(?:sn|SN)|C(?:vv|vc)|PW|PWD|PIN)|[_\-\s.](?:pass|pwd?|pin|jwt|t?otp|dsn|cvv|cvc|PASS|PWD?|PIN|JWT|T?OTP|DSN|CVV|CVC))$/

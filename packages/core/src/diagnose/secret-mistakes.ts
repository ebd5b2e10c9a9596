import type { Change } from './diagnosis.js'
import type { Evidence } from './evidence.js'

const WHITE_SPACE = ['\n', '\r\n', ' ', '\t']
const QUOTES = ['"', "'", '`']

export function* strayWhiteSpace({ secrets }: Evidence): Iterable<Change> {
  for (const text of textsOf(secrets)) {
    if (text.trim() !== text) {
      yield {
        code: 'secret_white_space',
        message: 'The secret has white space around it that the sender does not sign with.',
        advice: 'Remove the white space (often a newline at the end) from the configured secret.',
        secret: bytesOf(text.trim()),
      }
    }
    for (const space of WHITE_SPACE) {
      for (const spaced of [text + space, space + text, space + text + space]) {
        yield {
          code: 'secret_white_space',
          message: 'The sender signs with white space around the secret, which the configured secret does not have.',
          advice: 'Remove the white space from the secret at the sender: no receiver should hold such a secret.',
          secret: bytesOf(spaced),
        }
      }
    }
  }
}

/** Characters that are not drawn, as copying from a web page or a chat brings along. */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu
const OFTEN_COPIED = ['\u200b', '\ufeff', '\u2060', '\u00ad']

export function* invisibleCharacters({ secrets }: Evidence): Iterable<Change> {
  for (const text of textsOf(secrets)) {
    const visible = text.replace(INVISIBLE, '')
    for (const secret of new Set([visible, visible.trim()])) {
      if (visible === text) break
      yield {
        code: 'secret_white_space',
        message: 'The secret contains a character that cannot be seen, and the sender does not sign with it.',
        advice: 'Type the configured secret, or copy it once more without what stands around it.',
        secret: bytesOf(secret),
      }
    }
    for (const character of OFTEN_COPIED) {
      for (const secret of [text + character, character + text]) {
        yield {
          code: 'secret_white_space',
          message: 'The sender signs with a character that cannot be seen beside the secret.',
          advice: 'Enter the secret at the sender once more: no receiver should hold such a secret.',
          secret: bytesOf(secret),
        }
      }
    }
  }
}

const ESCAPED_LINE_END = /\\r\\n|\\[nr]/g

/** `\n` in two characters, which a .env reader does not turn into a line end without double quotes. */
export function* escapedLineEnds({ secrets }: Evidence): Iterable<Change> {
  for (const text of textsOf(secrets)) {
    const asSigned = [text.replace(ESCAPED_LINE_END, ''), text.replace(ESCAPED_LINE_END, '\n'), unescaped(text)]
    for (const secret of new Set(asSigned)) {
      if (secret === text) continue
      yield {
        code: 'secret_white_space',
        message:
          'The secret contains a line end written as \\n or \\r, in two characters that the sender does not sign with.',
        advice: 'Remove it from the configured secret. If the line end belongs there, pass the secret as bytes.',
        secret: bytesOf(secret),
      }
    }
    for (const ending of ['\\n', '\\r\\n']) {
      yield {
        code: 'secret_white_space',
        message: 'The sender signs with a line end written as \\n behind the secret, in two characters.',
        advice: 'Remove it from the secret at the sender: no receiver should hold such a secret.',
        secret: bytesOf(text + ending),
      }
    }
  }
}

const unescaped = (text: string) => text.replaceAll('\\n', '\n').replaceAll('\\r', '\r')

export function* strayQuotes({ secrets }: Evidence): Iterable<Change> {
  for (const text of textsOf(secrets)) {
    const inner = text.trim()
    for (const quote of QUOTES) {
      if (inner.length > 2 && inner.startsWith(quote) && inner.endsWith(quote)) {
        yield {
          code: 'secret_quoted',
          message: 'The secret is wrapped in quotes that the sender does not sign with.',
          advice: 'Remove the quotes from the configured secret; many .env readers keep them.',
          secret: bytesOf(inner.slice(1, -1)),
        }
      }
      yield {
        code: 'secret_quoted',
        message: 'The sender signs with quotes around the secret, which the configured secret does not have.',
        advice: 'Remove the quotes from the secret at the sender.',
        secret: bytesOf(quote + text + quote),
      }
    }
  }
}

export function* otherProvider({ otherSecrets }: Evidence): Iterable<Change> {
  for (const { name, secret } of otherSecrets) {
    yield {
      code: 'secret_of_another_provider',
      message: `The signature was made with the secret of ${name}.`,
      advice: `Swap the secrets: this provider's is wrong here, or ${name}'s was entered at the sender.`,
      secret,
    }
  }
}

export function* encodedSecret({ secrets }: Evidence): Iterable<Change> {
  for (const text of textsOf(secrets)) {
    const isSpelt = text.startsWith('whsec_')
    const advice = isSpelt
      ? 'This provider signs with the bytes behind whsec_, decoded from base64. The sender must decode the secret once.'
      : 'Enter the secret at both ends as the provider shows it: do not decode or encode it.'
    for (const [form, secret] of isSpelt ? speltForms(text) : plainForms(text)) {
      if (secret.length > 0) {
        yield { code: 'secret_encoded', message: `The signature was made with ${form}.`, advice, secret }
      }
    }
  }
}

/** Other keys that a text may be taken for. */
const plainForms = (text: string): readonly (readonly [form: string, key: Uint8Array])[] => [
  ['the bytes that the secret spells in hex', /^(?:[0-9a-f]{2}){8,}$/i.test(text) ? Buffer.from(text, 'hex') : NOTHING],
  ['the bytes that the secret spells in base64', Buffer.from(text, 'base64')],
  ['the secret written in base64', bytesOf(Buffer.from(text).toString('base64'))],
  ['the secret written in hex', bytesOf(Buffer.from(text).toString('hex'))],
]

const NOTHING = Buffer.alloc(0)

/** Other keys that a secret of Standard Webhooks may be taken for, each spelt as the provider expects it. */
const speltForms = (text: string): readonly (readonly [form: string, key: Uint8Array])[] => {
  const behind = text.slice('whsec_'.length)
  const spelling = (key: string | Buffer) => bytesOf(`whsec_${Buffer.from(key).toString('base64')}`)
  return [
    ['the characters of the secret, instead of the bytes that they spell', spelling(text)],
    ['the characters behind whsec_, instead of the bytes that they spell', spelling(behind)],
    [
      'a secret that was decoded from base64 twice',
      spelling(Buffer.from(Buffer.from(behind, 'base64').toString(), 'base64')),
    ],
  ]
}

const textsOf = (secrets: readonly Uint8Array[]) => secrets.map((secret) => Buffer.from(secret).toString('utf8'))

const bytesOf = (text: string) => Buffer.from(text, 'utf8')

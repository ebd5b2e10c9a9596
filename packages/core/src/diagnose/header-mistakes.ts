import type { Change } from './diagnosis.js'
import type { Evidence } from './evidence.js'
import { PREFIXES, readSignature } from './read-signature.js'

export function* otherEncoding({ signature }: Evidence): Iterable<Change> {
  const written = readSignature(signature)
  const encodedTwice = readSignature(Buffer.from(signature, 'base64').toString('latin1'))
  const advice = 'Write the signature as the provider does. The sender must change this.'
  if (written !== undefined) {
    const { prefix, form, bytes } = written
    // Base64 comes first: if both are accepted, another form of base64 is the smaller mistake.
    for (const expected of (['base64', 'hex'] as const).filter((encoding) => encoding !== form)) {
      yield {
        code: 'signature_encoding',
        message: `The signature is right, but written in ${form} instead of ${expected}.`,
        advice,
        signature: prefix + bytes.toString(expected),
      }
    }
  }
  if (encodedTwice?.encoding === 'hex') {
    yield {
      code: 'signature_encoding',
      message: 'The signature is right, but its hex text was encoded in base64 again.',
      advice,
      signature: encodedTwice.prefix + encodedTwice.bytes.toString('hex'),
    }
  }
}

/** White space between the parts of `t=…,v1=…`. */
export function* spacedParts({ signature, described }: Evidence): Iterable<Change> {
  if (described.scheme.signature.pair === undefined || !/,\s/.test(signature)) return
  yield {
    code: 'signature_malformed',
    message: 'The signature is right, but white space stands between the parts of its header.',
    advice:
      'Write the parts with a comma alone between them. The sender must change this, or a proxy has joined two headers.',
    signature: signature.replaceAll(/,\s+/g, ','),
  }
}

/** A secret in `Authorization` without its scheme, with another one, or not in base64. */
export function* otherScheme({ signature, described }: Evidence): Iterable<Change> {
  const { authorization } = described.scheme.signature
  if (authorization === undefined) return
  const [, given = '', credentials = ''] = /^(?:(\S+) )?(.*)$/s.exec(signature.trim()) ?? []
  const was = given === '' ? 'nothing' : 'another word'
  for (const text of [credentials, Buffer.from(credentials).toString('base64')]) {
    yield {
      code: 'signature_prefix',
      message: `The secret is right, but the header authorization has ${was} before it instead of ${authorization}${
        text === credentials ? '' : ', or is not in base64'
      }.`,
      advice: `Send the header as ${authorization} and ${authorization === 'Basic' ? 'the base64 of user:password' : 'the secret'}. The sender must change this.`,
      signature: `${authorization} ${text}`,
    }
  }
}

export function* otherPrefix({ signature }: Evidence): Iterable<Change> {
  const written = readSignature(signature)
  if (written === undefined) return
  const text = signature.slice(written.prefix.length)
  if (written.prefix !== '') {
    yield {
      code: 'signature_prefix',
      message: `The signature is right, but has the prefix ${written.prefix}, which is not expected.`,
      advice: 'Remove the prefix. The sender must change this.',
      signature: text,
    }
  }
  for (const prefix of PREFIXES) {
    yield {
      code: 'signature_prefix',
      message: `The signature is right, but lacks the prefix ${prefix}.`,
      advice: `Write ${prefix} before the signature. The sender must change this.`,
      signature: prefix + text,
    }
  }
}

/** Tries a time that is malformed in the provider's format, but valid in another. */
export function* otherTimeForm({ timestamp }: Evidence): Iterable<Change> {
  for (const [form, ms] of timesIn(timestamp ?? '')) {
    for (const written of [new Date(ms).toISOString(), String(Math.floor(ms / 1000))]) {
      yield {
        code: 'timestamp_unit',
        message: `The time is written in ${form}, which is not the format of this provider.`,
        advice: 'Write the time as the provider does. The sender must change this.',
        timestamp: written,
      }
    }
  }
}

function timesIn(text: string): [string, number][] {
  if (/^\d{9,10}$/.test(text)) return [['Unix seconds', Number(text) * 1000]]
  if (/^\d{12,13}$/.test(text)) return [['Unix milliseconds', Number(text)]]
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? [] : [['calendar form', ms]]
}

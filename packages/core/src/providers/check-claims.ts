import type { SignatureOptions, SignedReading, TokenReading } from '../signature/signature.js'
import type { TimestampOptions } from '../signature/timestamp.js'

interface Claims {
  readonly name: string
  readonly signature: SignatureOptions
  readonly timestamp?: TimestampOptions | undefined
}

/** Throws a `TypeError` for a definition that promises more than it checks. */
export function checkClaims({ name, signature, timestamp }: Claims): void {
  if (timestamp?.header.toLowerCase() === signature.header.toLowerCase()) {
    throw new TypeError(`${name}: the signature and the time cannot be one header, ${timestamp.header}`)
  }
  for (const [index, reading] of signature.readings.entries()) {
    const label = `${name} signature readings[${index}]`
    if (reading.trust === 'sender') checkToken(label, reading, signature)
    if (reading.trust === 'body+timestamp') checkTime(label, reading, timestamp)
  }
}

/** An age that no signature covers can be set anew by whoever has captured a request. */
function checkTime(label: string, { before }: SignedReading, timestamp: TimestampOptions | undefined): void {
  const advice = "or claim trust: 'body'"
  if (timestamp === undefined) throw new TypeError(`${label}: 'body+timestamp' needs a timestamp, ${advice}`)
  if (before === undefined)
    throw new TypeError(`${label}: 'body+timestamp' needs before, which signs the time, ${advice}`)
  const [first, second] = EXAMPLES[timestamp.format].map((time) => signedWith(before, timestamp.header, time))
  if (first !== undefined && first === second) {
    throw new TypeError(`${label}: before must contain the header ${timestamp.header}, ${advice}`)
  }
}

const EXAMPLES = {
  'unix-seconds': ['1711015501', '1711015502'],
  unix: ['1711015501', '1711015502'],
  iso: ['2026-01-31T12:00:00Z', '2026-01-31T12:00:01Z'],
} as const

/** Undefined where it does not take the headers of no real request. */
function signedWith(before: NonNullable<SignedReading['before']>, header: string, time: string): string | undefined {
  try {
    return before({ header: (name) => (name === header.toLowerCase() ? time : 'example') })
  } catch {
    return undefined
  }
}

/** The header shows a token in one of these encodings, of which all but text have the length of a hash. */
function checkToken(label: string, { token }: TokenReading, { secrets, encodings = ['hex'] }: SignatureOptions): void {
  const isText = encodings.includes('text')
  for (const secret of secrets) {
    const value: unknown = token(secret!)
    if (!(value instanceof Uint8Array) || value.length === 0) throw new TypeError(`${label}: token must return bytes`)
    if (value.length !== 32 && !isText) {
      throw new TypeError(`${label}: token must return 32 bytes, or encodings must have 'text': nothing else would fit`)
    }
  }
}

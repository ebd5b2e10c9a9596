import type { SignedReading, TokenReading } from '../signature/readings.js'
import { isContent } from '../signature/readings.js'
import type { SignatureOptions } from '../signature/signature.js'
import type { TimestampOptions } from '../signature/timestamp.js'

import type { Handshake } from './provider.js'

export interface Claims {
  readonly name: string
  readonly signature: SignatureOptions
  readonly timestamp?: TimestampOptions | undefined
  readonly list?: true | string
  readonly handshakes?: readonly Handshake[]
}

/** Throws a `TypeError` for readings that promise more than they check. */
export function checkClaims({ name, signature, timestamp }: Claims): void {
  for (const [index, reading] of signature.readings.entries()) {
    const label = `${name} signature readings[${index}]`
    if ('token' in reading) checkToken(label, reading, signature)
    else if ('trust' in reading && reading.trust === 'body+timestamp') checkTime(label, reading, timestamp)
    if (!('trust' in reading) || reading.trust === 'sender' || signature.field === undefined) continue
    throw new TypeError(`${label}: a signature that stands in the body cannot cover the body: use content with fields`)
  }
  if (
    signature.field !== undefined &&
    signature.readings.some((reading) => isContent(reading) && reading.content.includes('body'))
  ) {
    throw new TypeError(
      `${name} signature: what stands in the field ${signature.field} of the body cannot cover the body`,
    )
  }
}

/** A time that no signature covers can be set anew by whoever has captured a request. */
function checkTime(label: string, { before }: SignedReading, timestamp: TimestampOptions | undefined): void {
  const advice = "or claim trust: 'body'"
  if (timestamp === undefined) throw new TypeError(`${label}: 'body+timestamp' needs a timestamp, ${advice}`)
  if (before === undefined) {
    throw new TypeError(`${label}: 'body+timestamp' needs before, which signs the time, ${advice}`)
  }
  const { header, format } = timestamp
  if (header === undefined) throw new TypeError(`${label}: before sees headers only: give timestamp.header, or content`)
  const [first, second] = EXAMPLES[format].map((time) => signedWith(before, header, time))
  if (first !== undefined && first === second) {
    throw new TypeError(`${label}: before must contain the header ${header}, ${advice}`)
  }
}

const EXAMPLES = {
  'unix-seconds': ['1711015501', '1711015502'],
  'unix-milliseconds': ['1711015501000', '1711015502000'],
  unix: ['1711015501', '1711015502'],
  iso: ['2026-01-31T12:00:00Z', '2026-01-31T12:00:01Z'],
} as const

/** Returns undefined if the function does not take the headers of this example. */
function signedWith(before: NonNullable<SignedReading['before']>, header: string, time: string): string | undefined {
  try {
    return before({ header: (name) => (name === header.toLowerCase() ? time : 'example') })
  } catch {
    return undefined
  }
}

/** A token stands there in one of the encodings, of which all but text have the length of a hash. */
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

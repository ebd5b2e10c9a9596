import { hashOf } from '../signature/algorithms.js'
import { algorithmOf, isContent, isToken, type Reading } from '../signature/readings.js'
import type { SignatureOptions } from '../signature/signature.js'
import type { Claims } from './check-claims.js'

/** Throws a `TypeError` for options of a signature that contradict each other, or leave something open to a forger. */
export function checkScheme({ name, signature, timestamp, list, handshakes = [] }: Claims): void {
  const fail = (fault: string): never => {
    throw new TypeError(`${name} signature: ${fault}`)
  }
  const { header, families, query, field, authorization, pair, id } = signature
  const places = Object.entries({ header, families, query, field, authorization }).filter(
    ([, place]) => place !== undefined,
  )
  if (places.length > 1) fail(`${places.map(([place]) => place).join(' and ')}: a signature stands in one place`)
  if (header === undefined && (pair !== undefined || id !== undefined)) fail('pair and id belong to header')
  if (families !== undefined) checkFamilies(families, fail)
  if (list !== undefined && handshakes.some((handshake) => 'field' in handshake)) {
    throw new TypeError(`${name}: handshakes by a field belong to a single event: with list, use { method, query }`)
  }
  checkTimePlace({ name, signature, timestamp }, fail)
  checkContents({ name, signature, timestamp }, fail)
  checkAlgorithms(signature, fail)
  checkSeparator(signature, fail)
  if (authorization !== undefined) checkAuthorization(signature, fail)
}

type Fail = (fault: string) => never

function checkFamilies(families: NonNullable<SignatureOptions['families']>, fail: Fail): void {
  const shapes = new Set(families.map((family) => Object.keys(family).sort().join()))
  if (shapes.size > 1) fail('families must all have the same headers: signature, id, time')
  const names = families.flatMap((family) => Object.values(family).map((name: string) => name.toLowerCase()))
  if (new Set(names).size < names.length) fail('families must share no header, or one request has several readings')
}

function checkTimePlace({ name, signature, timestamp }: Claims, fail: Fail): void {
  const isInFamilies = signature.families?.some(({ time }) => time !== undefined) ?? false
  if (timestamp === undefined) {
    if (isInFamilies) fail('families have a time, and timestamp does not say its window')
    return
  }
  const { header, pair, field } = timestamp
  const places = [header, pair, field, isInFamilies || undefined].filter((place) => place !== undefined)
  if (places.length !== 1) {
    throw new TypeError(`${name} timestamp: give one of header, pair and field, or the time of families`)
  }
  if (header !== undefined && header.toLowerCase() === signature.header?.toLowerCase()) {
    throw new TypeError(`${name}: the signature and the time cannot be one header, ${header}`)
  }
  if (pair === undefined) return
  if (signature.pair === undefined) fail('timestamp.pair needs pair, the name of the part with the signature')
  if (pair === signature.pair) fail(`the signature and the time cannot be one part, ${pair}`)
}

function checkContents({ signature, timestamp }: Claims, fail: Fail): void {
  const contents = signature.readings.filter(isContent).map(({ content }) => content)
  const hasId = signature.id !== undefined || signature.families?.every(({ id }) => id !== undefined)
  if (contents.some((parts) => parts.includes('time')) && timestamp === undefined)
    fail("content has 'time', and there is no timestamp")
  if (contents.some((parts) => parts.includes('id')) && !hasId)
    fail("content has 'id', and id does not name its header")
  const namesId = signature.id !== undefined || signature.families?.some(({ id }) => id !== undefined)
  const isSigned = (reading: Reading) => isContent(reading) && reading.content.includes('id')
  if (namesId && !signature.readings.every(isSigned)) {
    fail("id names a header that not every reading covers: add 'id' to its content, or leave id out")
  }
}

/** Under one key the weaker algorithm decides. Where the prefix of the key decides, no key is of two. */
function checkAlgorithms({ readings, key, prefix }: SignatureOptions, fail: Fail): void {
  const signed = readings.filter((reading) => !isToken(reading))
  const algorithms = new Set(signed.map(algorithmOf))
  if (algorithms.size < 2) return
  if (key !== 'standard-webhooks') fail(`one key cannot serve for ${[...algorithms].join(' and ')}`)
  const macs = [...algorithms].filter((algorithm) => hashOf(algorithm) !== undefined)
  if (macs.length > 1) fail(`one key cannot serve for ${macs.join(' and ')}`)
  const prefixes = new Map(
    signed.map((reading) => [(isContent(reading) ? reading.prefix : undefined) ?? prefix, algorithmOf(reading)]),
  )
  if (prefixes.size < algorithms.size) fail('readings of several algorithms need a prefix each')
}

function checkSeparator({ separator, encodings = [], readings, prefix = '' }: SignatureOptions, fail: Fail): void {
  if (separator === undefined) return
  const prefixes = [prefix, ...readings.filter(isContent).map((reading) => reading.prefix ?? '')]
  const isInside = /^[A-Za-z0-9+/=]+$/.test(separator) && !encodings.includes('text')
  if (isInside || prefixes.some((text) => text.includes(separator)))
    fail('separator can stand in a signature or its prefix')
}

function checkAuthorization({ authorization, readings, secrets }: SignatureOptions, fail: Fail): void {
  if (!readings.every(isToken)) fail(`authorization: '${authorization}' takes tokens only, { algorithm: 'token' }`)
  if (authorization !== 'Basic') return
  for (const [index, secret] of (secrets ?? []).entries()) {
    const text = Buffer.from((secret ?? '') as string).toString('latin1')
    if (text !== '' && !/^[^:]+:./.test(text)) fail(`for Basic, secrets[${index}] must be of the form user:password`)
  }
}

import { createHash, createHmac, createPrivateKey, type KeyObject, sign } from 'node:crypto'
import type { ContentPart, ContentReading, Reading, SigningScheme, TimeFormat } from '@mailbox-hooks/core'
import { type Payload, type SigningOptions, type TimeForm, writeTime } from './sender.js'

/** A request as a provider of this scheme sends it. */
export interface SchemeRequest<Body extends string | Uint8Array> {
  readonly headers: Record<string, string>
  /** What belongs behind the `?` of the address. */
  readonly query?: string
  readonly body: Body
}

/** The texts that a signature may cover. */
interface Texts {
  readonly id: string
  readonly time: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Buffer
  readonly payload: Payload | undefined
}

/**
 * Signs a body as a provider's scheme says, with `node:crypto` and with nothing that the library verifies with. Throws a
 * `TypeError` for a secret by which nothing can be signed.
 */
export function signByScheme<Body extends string | Uint8Array>(
  { signature, timestamp, body: format, list }: SigningScheme,
  body: Body,
  options: SigningOptions,
): SchemeRequest<Body> {
  const bytes = Buffer.from(body as Uint8Array)
  const id = options.id ?? `msg_${createHash('sha256').update(bytes).digest('hex').slice(0, 24)}`
  const time = writeTime(new Date(options.at ?? Date.now()), options.time ?? FORMS[timestamp?.format ?? 'unix-seconds'])
  const [family = { signature: signature.header ?? '', id: signature.id, time: timestamp?.header }] =
    signature.families ?? []
  const headers: Record<string, string> = {}
  if (family.id !== undefined) headers[family.id.toLowerCase()] = id
  const timeHeader = family.time ?? timestamp?.header
  if (timeHeader !== undefined) headers[timeHeader.toLowerCase()] = time

  const fields = timestamp?.field === undefined ? {} : { [timestamp.field]: time }
  const timed = withFields(bytes, fields, format)
  const texts = { id, time, headers: { ...headers, ...options.headers }, body: timed, payload: parsed(timed, format) }
  const text = signedText(signature, texts, options)

  const { query, field, authorization, pair } = signature
  if (query !== undefined) return { headers, body, query: `${encodeURIComponent(query)}=${encodeURIComponent(text)}` }
  if (authorization !== undefined) return { headers: { ...headers, authorization: `${authorization} ${text}` }, body }
  if (field !== undefined) return { headers, body: asGiven(body, withFields(timed, { [field]: text }, format, list)) }
  const value = pair === undefined ? text : pairs([timestamp?.pair, time], [pair, text])
  return { headers: { ...headers, [family.signature.toLowerCase()]: value }, body: asGiven(body, timed) }
}

const FORMS: Readonly<Record<TimeFormat, TimeForm>> = {
  'unix-seconds': 'seconds',
  unix: 'seconds',
  'unix-milliseconds': 'milliseconds',
  iso: 'iso',
}

const pairs = (...parts: (readonly [string | undefined, string])[]) =>
  parts.flatMap(([name, value]) => (name === undefined ? [] : [`${name}=${value}`])).join(',')

/** The signature as it is written: prefix and encoding. */
function signedText(signature: SigningScheme['signature'], texts: Texts, options: SigningOptions): string {
  const { key = 'text' } = signature
  const { secret } = options
  const reading = readingFor(signature.readings, options)
  const isToken = 'token' in reading || ('algorithm' in reading && reading.algorithm === 'token')
  const { encodings = defaultEncodings(signature, isToken) } = signature
  const encoding = options.encoding ?? encodings[0] ?? 'hex'
  const prefix = options.prefix ?? ('prefix' in reading ? reading.prefix : undefined) ?? signature.prefix ?? ''
  const bytes = bytesOf(reading, texts, secret, key)
  return prefix + bytes.toString(encoding === 'text' ? 'latin1' : encoding)
}

const defaultEncodings = ({ authorization }: SigningScheme['signature'], isToken: boolean) =>
  authorization === 'Basic' ? (['base64'] as const) : isToken ? (['text'] as const) : (['hex'] as const)

const isEd25519 = (secret: string | Uint8Array) => typeof secret === 'string' && secret.startsWith('whsk_')

function readingFor(readings: readonly Reading[], { reading: name, secret }: SigningOptions): Reading {
  if (typeof secret === 'string' && secret.startsWith('whpk_')) {
    throw new TypeError('a public key signs nothing: give the private one, whsk_…')
  }
  const named = readings.map((reading) => ({ name: nameOf(reading), reading }))
  const candidates = name === undefined ? named : named.filter((known) => known.name === name)
  const fitting = candidates.find(({ reading }) => isEd25519(secret) === (algorithmOf(reading) === 'ed25519'))
  const found = fitting ?? candidates[0]
  if (found !== undefined) return found.reading
  throw new TypeError(`there is no reading ${name}: it is one of ${named.map((known) => known.name).join(', ')}`)
}

const algorithmOf = (reading: Reading) => ('algorithm' in reading ? reading.algorithm : undefined)

function nameOf(reading: Reading): string {
  if (reading.name !== undefined) return reading.name
  return 'content' in reading ? reading.content.map(textOfPart).join('') : 'token'
}

const textOfPart = (part: ContentPart) => (typeof part === 'string' ? part : 'text' in part ? part.text : part.field)

function bytesOf(reading: Reading, texts: Texts, secret: string | Uint8Array, form: string): Buffer {
  if ('token' in reading) return Buffer.from(reading.token(secret))
  if ('content' in reading)
    return signContent(reading, Buffer.concat(reading.content.map((part) => partOf(part, texts))), secret, form)
  if ('algorithm' in reading) return keyOf(secret, form)
  const before = reading.before?.({ header: (name) => texts.headers[name] }) ?? ''
  return createHmac('sha256', keyOf(secret, form)).update(before, 'latin1').update(texts.body).digest()
}

function partOf(part: ContentPart, { id, time, body, payload }: Texts): Buffer {
  if (part === 'body') return body
  if (part === 'id') return Buffer.from(id)
  if (part === 'time') return Buffer.from(time)
  if ('text' in part) return Buffer.from(part.text)
  const value = valueAt(payload, part.field.split('.'))
  if (typeof value === 'string' || Number.isSafeInteger(value)) return Buffer.from(String(value))
  throw new TypeError(`the payload needs a text in its field ${part.field}, because the signature covers it`)
}

function signContent(
  { algorithm = 'hmac-sha256' }: ContentReading,
  content: Buffer,
  secret: string | Uint8Array,
  form: string,
) {
  if (algorithm === 'ed25519') return sign(null, content, privateKeyOf(secret))
  if (algorithm === 'ecdsa-p256') return sign('sha256', content, ecdsaKeyOf(secret))
  return createHmac(algorithm.slice('hmac-'.length), keyOf(secret, form)).update(content).digest()
}

function keyOf(secret: string | Uint8Array, form: string): Buffer {
  if (typeof secret !== 'string') return Buffer.from(secret)
  if (form === 'hex') return Buffer.from(secret, 'hex')
  if (form === 'base64' || form === 'standard-webhooks') return Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return Buffer.from(secret)
}

/** `whsk_` and the base64 of the seed, with or without the public key behind it; or PEM; or the seed. */
function privateKeyOf(secret: string | Uint8Array): KeyObject {
  if (typeof secret === 'string' && secret.includes('PRIVATE KEY')) return createPrivateKey(secret)
  const bytes = typeof secret === 'string' ? Buffer.from(secret.replace(/^whsk_/, ''), 'base64') : Buffer.from(secret)
  const seed = bytes.subarray(0, 32)
  if (seed.length < 32) throw new TypeError('this scheme signs by a private key: give it as whsk_…, or in PEM')
  const head = Buffer.from('302e020100300506032b657004220420', 'hex')
  return createPrivateKey({ key: Buffer.concat([head, seed]), format: 'der', type: 'pkcs8' })
}

/** PEM, or the DER of PKCS #8 in bytes or in base64. */
function ecdsaKeyOf(secret: string | Uint8Array): KeyObject {
  try {
    if (typeof secret === 'string' && secret.includes('PRIVATE KEY')) return createPrivateKey(secret)
    const der = typeof secret === 'string' ? Buffer.from(secret, 'base64') : Buffer.from(secret)
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  } catch {
    // OpenSSL's message may quote what it could not read.
    throw new TypeError('this scheme signs by a private key of ECDSA: give it in PEM, or as the base64 of its PKCS #8')
  }
}

function parsed(body: Buffer, format: string): Payload | undefined {
  try {
    return isForm(body, format)
      ? Object.fromEntries(new URLSearchParams(body.toString()))
      : (JSON.parse(body.toString()) ?? undefined)
  } catch {
    return undefined
  }
}

const isForm = (body: Buffer, format: string) =>
  format === 'form' || (format === 'json-or-form' && !/^\s*\{/.test(body.toString('latin1', 0, 64)))

/** The body with texts in fields, also in each item of its list. What cannot be parsed stays as it is. */
function withFields(
  body: Buffer,
  fields: Readonly<Record<string, string>>,
  format: string,
  list?: true | string,
): Buffer {
  const payload = Object.keys(fields).length === 0 ? undefined : parsed(body, format)
  if (payload === undefined || typeof payload !== 'object') return body
  if (isForm(body, format))
    return Buffer.from(new URLSearchParams({ ...payload, ...fields } as Record<string, string>).toString())
  const items = list === undefined ? [payload] : itemsIn(payload, list)
  for (const item of items) {
    for (const [path, text] of Object.entries(fields)) setAt(item as Record<string, unknown>, path.split('.'), text)
  }
  return Buffer.from(JSON.stringify(payload))
}

function itemsIn(payload: unknown, list: true | string): readonly unknown[] {
  const items = list === true ? payload : valueAt(payload, list.split('.'))
  return Array.isArray(items) ? items : []
}

function valueAt(payload: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], payload)
}

function setAt(payload: Record<string, unknown>, [name = '', ...rest]: readonly string[], text: string): void {
  if (rest.length === 0) {
    payload[name] = text
    return
  }
  payload[name] ??= {}
  setAt(payload[name] as Record<string, unknown>, rest, text)
}

/** As a text where the given body was one. */
const asGiven = <Body extends string | Uint8Array>(given: Body, body: Buffer): Body =>
  (typeof given === 'string' ? body.toString() : body) as Body

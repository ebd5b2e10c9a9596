import {
  ABOVE_0,
  ANYTHING,
  type Check,
  FILLED,
  FUNCTION,
  listOf,
  objectOf,
  oneOf,
  optional,
  type Rules,
  readOptions,
  TEXT,
  YES_OR_NO,
} from '../options/option-rules.js'
import { ALGORITHMS } from '../signature/algorithms.js'
import { KEY_FORMS } from '../signature/key-form.js'

const FUNCTION_READING: Rules = {
  name: FILLED,
  trust: oneOf('body', 'body+timestamp', 'sender'),
  before: optional(FUNCTION),
  token: [
    "a function, (secret) => bytes, where trust is 'sender'",
    (token, _label, { trust }) => trust !== 'sender' || typeof token === 'function',
  ],
}

const PART: Check = [
  "'id', 'time', 'body', { text } or { field }",
  (part) => {
    if (typeof part !== 'object' || part === null) return ['id', 'time', 'body'].includes(part as string)
    const [entry, ...others] = Object.entries(part)
    return others.length === 0 && ['text', 'field'].includes(entry?.[0] ?? '') && typeof entry?.[1] === 'string'
  },
]

const CONTENT_READING: Rules = {
  content: listOf(PART),
  algorithm: optional(oneOf(...ALGORITHMS.filter((algorithm) => algorithm !== 'token'))),
  prefix: optional(TEXT),
  name: optional(FILLED),
}

const TOKEN_READING: Rules = { algorithm: oneOf('token'), name: optional(FILLED) }

const READING: Check = [
  "{ name, trust, before, token }, { content, algorithm, prefix, name } or { algorithm: 'token' }",
  (reading, label) =>
    typeof reading === 'object' && reading !== null && readOptions(label, reading, rulesOf(reading as object)),
]

function rulesOf(reading: { algorithm?: unknown }): Rules {
  if ('content' in reading) return CONTENT_READING
  return reading.algorithm === undefined ? FUNCTION_READING : TOKEN_READING
}

const PLACES = ['families', 'query', 'field', 'authorization']

const FAMILY = objectOf({ signature: FILLED, id: optional(FILLED), time: optional(FILLED) })

/** An empty condition would hold for each event that has the field, and only texts are compared. */
const isCondition = (when: unknown) =>
  typeof when === 'object' &&
  when !== null &&
  !Array.isArray(when) &&
  Object.keys(when).length > 0 &&
  Object.values(when).every((value) => typeof value === 'string')

const HANDSHAKE: Check = [
  "{ method: 'GET' or 'POST', query } or { field, when }",
  (handshake, label) =>
    typeof handshake === 'object' &&
    handshake !== null &&
    readOptions(
      label,
      handshake,
      'query' in handshake
        ? { method: oneOf('GET', 'POST'), query: FILLED }
        : {
            field: FILLED,
            when: ["an object of texts, e.g. { type: 'url_verification' }", isCondition],
          },
    ),
]

/** The rules of a provider definition. `ANYTHING` stands for a value that is checked where it is used. */
export const DEFINITION: Rules = {
  name: [
    'of lower-case letters, digits, ".", "_" and "-"',
    (name) => typeof name === 'string' && /^[a-z0-9][a-z0-9._-]*$/.test(name),
  ],
  account: optional(FILLED),
  signature: objectOf({
    header: [
      FILLED[0],
      (header, _label, beside) =>
        header === undefined
          ? PLACES.some((place) => beside[place] !== undefined)
          : typeof header === 'string' && header !== '',
    ],
    secrets: ANYTHING,
    encodings: optional(listOf(oneOf('hex', 'base64', 'text'))),
    prefix: optional(TEXT),
    prefixOptional: optional(YES_OR_NO),
    separator: optional(FILLED),
    readings: listOf(READING),
    families: optional(listOf(FAMILY)),
    query: optional(FILLED),
    field: optional(FILLED),
    authorization: optional(oneOf('Basic', 'Bearer')),
    id: optional(FILLED),
    pair: optional(FILLED),
    key: optional(oneOf(...KEY_FORMS)),
  }),
  timestamp: optional(
    objectOf({
      // Which of the three there is, is checked together with the signature.
      header: optional(FILLED),
      format: oneOf('unix-seconds', 'unix', 'iso', 'unix-milliseconds'),
      maxAgeSeconds: ANYTHING,
      maxAheadSeconds: ANYTHING,
      pair: optional(FILLED),
      field: optional(FILLED),
      perAttempt: optional(YES_OR_NO),
    }),
  ),
  retries: objectOf({
    spanMs: ABOVE_0,
    maxHandlerMs: [
      'above 0 and below spanMs',
      (ms, _label, { spanMs }) => Number(ms) > 0 && Number(ms) < Number(spanMs),
    ],
    clientErrorsAreFinal: optional(YES_OR_NO),
  }),
  describe: FUNCTION,
  events: FUNCTION,
  credentials: optional(['a list of names', Array.isArray]),
  body: optional(oneOf('json', 'form', 'json-or-form')),
  list: optional([
    "true, for a list, or the path of one, e.g. 'value'",
    (list) => list === true || (typeof list === 'string' && list !== ''),
  ]),
  handshakes: optional(listOf(HANDSHAKE)),
}

import {
  ABOVE_0,
  ANYTHING,
  FILLED,
  FUNCTION,
  listOf,
  objectOf,
  oneOf,
  optional,
  type Rules,
  TEXT,
  YES_OR_NO,
} from '../options/option-rules.js'

const READING = objectOf({
  name: FILLED,
  trust: oneOf('body', 'body+timestamp', 'sender'),
  before: optional(FUNCTION),
  token: [
    "a function, (secret) => bytes, where trust is 'sender'",
    (token, _label, { trust }) => trust !== 'sender' || typeof token === 'function',
  ],
})

/** The rules of a provider definition. `ANYTHING` stands for a value that is checked where it is used. */
export const DEFINITION: Rules = {
  name: [
    'of lower-case letters, digits, ".", "_" and "-"',
    (name) => typeof name === 'string' && /^[a-z0-9][a-z0-9._-]*$/.test(name),
  ],
  account: optional(FILLED),
  signature: objectOf({
    header: FILLED,
    secrets: ANYTHING,
    encodings: optional(listOf(oneOf('hex', 'base64', 'text'))),
    prefix: optional(TEXT),
    prefixOptional: optional(YES_OR_NO),
    separator: optional(FILLED),
    readings: listOf(READING),
  }),
  timestamp: optional(
    objectOf({
      header: FILLED,
      format: oneOf('unix-seconds', 'unix', 'iso'),
      maxAgeSeconds: ANYTHING,
      maxAheadSeconds: ANYTHING,
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
}

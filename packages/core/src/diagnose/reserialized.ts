import type { Change } from './diagnosis.js'
import type { Evidence } from './evidence.js'
import { describeForm, jsonForms, writeJson } from './json-forms.js'
import { type JsonNode, readJson } from './json-tree.js'

const ADVICE =
  'Pass the bytes to the receiver unchanged. JSON that was parsed and serialised again has other bytes: mount the ' +
  'receiver before any body parser, and never sign or verify JSON.stringify(req.body).'

/** Tries the body as other programs write the same JSON. */
export function* reserialized({ body }: Evidence): Iterable<Change> {
  const text = Buffer.from(body).toString('utf8')
  yield* unwrapped(text)
  const tree = readJson(text)
  if (tree === undefined) return
  for (const form of jsonForms(tree)) {
    const how = () => `it was signed ${describeForm(form)} and arrived ${arrivedAs(tree, text)}.`
    yield change(how, writeJson(tree, form))
  }
}

/** Tries the content of a body that was serialised twice, as a JSON string or as the JSON of a Buffer. */
function* unwrapped(text: string): Iterable<Change> {
  const value = parse(text)
  if (typeof value === 'string') yield change(() => 'it arrived as a JSON string of the JSON that was signed.', value)
  if (isBufferJson(value)) yield change(() => 'it arrived as the JSON of a Node Buffer.', Buffer.from(value.data))
}

/** Creates a change. Its message is computed only if it matches, because that writes the body in each form again. */
function change(how: () => string, signed: string | Buffer): Change {
  return {
    code: 'body_reserialized',
    get message() {
      return `The body was re-serialised: ${how()}`
    },
    advice: ADVICE,
    body: Buffer.from(signed),
  }
}

function arrivedAs(tree: JsonNode, text: string): string {
  for (const form of jsonForms(tree)) {
    if (writeJson(tree, form) === text) return describeForm(form)
  }
  return 'in a form of its own'
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isBufferJson = (value: unknown): value is { data: number[] } =>
  typeof value === 'object' &&
  value !== null &&
  'type' in value &&
  value.type === 'Buffer' &&
  'data' in value &&
  Array.isArray(value.data)

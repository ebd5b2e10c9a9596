import type { Provider } from '@mailbox-hooks/core'
import type { Payload } from '../senders/sender.js'

/** The part of JSON Schema that schemas of payloads use. */
interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly examples?: readonly unknown[]
  readonly default?: unknown
  readonly format?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly minimum?: number
}

/**
 * Returns a payload that fits the schema of an event, the same each time. Throws a `TypeError` if the schema does not
 * describe itself by Standard JSON Schema, as those of zod do, or if the payload does not fit after all.
 */
export function sampleOfSchema(provider: Provider, type: string): Payload {
  const schema = provider.schemaOf(type)
  if (schema === undefined) {
    throw new TypeError(`${provider.name} has no event ${type}: it is one of ${provider.types.join(', ')}`)
  }
  // Standard JSON Schema stands beside Standard Schema.
  const standard = schema['~standard'] as (typeof schema)['~standard'] & {
    jsonSchema?: { input(options: { target: string }): JsonSchema }
  }
  const described = standard.jsonSchema?.input({ target: 'draft-2020-12' })
  const sample = described === undefined ? undefined : sampleOf(described)
  const checked = sample === undefined ? undefined : standard.validate(sample)
  if (checked !== undefined && !(checked instanceof Promise) && checked.issues === undefined) return sample as Payload
  throw new TypeError(`${provider.name} ${type}: no sample can be made of its schema: give a whole payload, or a body`)
}

function sampleOf(schema: JsonSchema): unknown {
  const { const: only, enum: values, examples, default: byDefault } = schema
  if (only !== undefined) return only
  if (values !== undefined) return values[0]
  if (examples !== undefined) return examples[0]
  if (byDefault !== undefined) return byDefault
  const [variant] = [...(schema.anyOf ?? schema.oneOf ?? [])].sort((a, b) => Number(isNull(a)) - Number(isNull(b)))
  if (variant !== undefined) return sampleOf(variant)
  if (schema.allOf !== undefined) return Object.assign({}, ...schema.allOf.map(sampleOf))
  const [type = schema.properties === undefined ? 'any' : 'object'] = [schema.type ?? []].flat()
  return SAMPLES[type]?.(schema) ?? null
}

const isNull = ({ type }: JsonSchema) => type === 'null'

const SAMPLES: Readonly<Record<string, (schema: JsonSchema) => unknown>> = {
  object: ({ properties = {} }) =>
    Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, sampleOf(field)])),
  array: ({ items }) => (items === undefined ? [] : [sampleOf(items)]),
  string: ({ format = '' }) => TEXTS[format] ?? 'text',
  number: ({ minimum = 1 }) => minimum,
  integer: ({ minimum = 1 }) => minimum,
  boolean: () => true,
  any: () => ({}),
}

const TEXTS: Readonly<Record<string, string>> = {
  'date-time': '2026-03-01T09:00:00.000Z',
  date: '2026-03-01',
  time: '09:00:00',
  email: 'ada@example.com',
  uri: 'https://example.com/',
  uuid: '3f0c9a52-6d0e-4b5e-9a0c-5d1f4f5f7a10',
}

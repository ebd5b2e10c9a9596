import { redact } from '@mailbox-hooks/core'
import { type CatalogEvent, describe } from './providers.js'

/** One field of a payload, as its schema describes it. */
export interface Field {
  readonly path: string
  readonly type: string
  readonly isOptional: boolean
  readonly isCredential: boolean
  /** The known values. Others may occur. */
  readonly known: readonly string[]
}

/** The part of JSON Schema that the providers' schemas use. */
interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly const?: string
  readonly examples?: readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
}

/** Returns the fields of an event, outer ones first. */
export function fieldsOf({ provider, name }: CatalogEvent): readonly Field[] {
  const { schemaOf, credentials } = describe(provider)
  const standard = schemaOf(name)?.['~standard'] as { jsonSchema?: JsonSchemaMaker } | undefined
  const schema = standard?.jsonSchema?.input({ target: 'draft-2020-12' })
  return schema === undefined ? [] : [...fieldsIn(schema, '', credentials)]
}

/** Standard JSON Schema, which zod's schemas support in addition to Standard Schema. */
interface JsonSchemaMaker {
  input(options: { target: 'draft-2020-12' }): JsonSchema
}

function* fieldsIn(schema: JsonSchema, parent: string, credentials: readonly string[]): Iterable<Field> {
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const path = parent + name
    yield {
      path,
      type: typeOf(field),
      isOptional: schema.required?.includes(name) !== true,
      isCredential: isCredential(name, credentials),
      known: variantsOf(field).flatMap(({ const: only, examples = [] }) => (only === undefined ? examples : [only])),
    }
    for (const variant of variantsOf(field)) {
      yield* fieldsIn(variant, `${path}.`, credentials)
      if (variant.items !== undefined) yield* fieldsIn(variant.items, `${path}[].`, credentials)
    }
  }
}

const variantsOf = (schema: JsonSchema) => schema.anyOf?.flatMap((variant) => variant.anyOf ?? variant) ?? [schema]

function typeOf(schema: JsonSchema): string {
  const types = variantsOf(schema).flatMap((variant) =>
    variant.items === undefined ? (variant.type ?? 'any') : `${typeOf(variant.items)}[]`,
  )
  return [...new Set(types)].join(' | ')
}

const isCredential = (name: string, credentials: readonly string[]) =>
  (redact({ [name]: 'value' }, credentials) as Record<string, unknown>)[name] !== 'value'

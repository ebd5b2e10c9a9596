import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { EventSchemas } from './provider.js'

/**
 * The payload of each event type, as the schemas describe it. A payload is not transformed, so its type is the input of
 * its schema.
 *
 * @example
 * const schemas = () => ({ 'order.paid': z.looseObject({ amount: z.number() }) })
 * interface AcmeEvents extends PayloadsOf<ReturnType<typeof schemas>> {}
 */
export type PayloadsOf<Schemas extends EventSchemas> = Schemas extends infer S extends EventSchemas
  ? { readonly [Type in keyof S]: Described<StandardSchemaV1.InferInput<S[Type]>> }
  : never

/**
 * The fields that a schema names. A schema that lets unknown fields pass gives its type an index signature, by which
 * every misspelt name is a field.
 */
type Described<T> = T extends Primitive | ((...args: never) => unknown)
  ? T
  : T extends readonly unknown[]
    ? { [Index in keyof T]: Described<T[Index]> }
    : T extends object
      ? { [Key in keyof T as Named<T, Key>]: Described<T[Key]> }
      : T

type Primitive = string | number | bigint | boolean | symbol | null | undefined

/** Drops the index signature of unknown fields. A record, which names no field, keeps it. */
type Named<T, Key extends keyof T> = string extends Key
  ? unknown extends T[Key]
    ? [NamedKeys<T>] extends [never]
      ? Key
      : never
    : Key
  : Key

type NamedKeys<T> = keyof { [Key in keyof T as string extends Key ? never : Key]: true }

import { z } from 'zod'

/**
 * Returns the schema of a text with known values, which editors suggest and the JSON Schema lists as examples. Other values
 * pass, because a provider may add some at any time.
 */
export const openEnum = <const Values extends readonly string[]>(...known: Values) =>
  z.string().meta({ examples: [...known] }) as unknown as z.ZodType<OpenEnum<Values>, OpenEnum<Values>>

type OpenEnum<Values extends readonly string[]> = Values[number] | (string & {})

import { z } from 'zod'

/**
 * A text whose known values are offered by the editor, and stand in its JSON Schema as examples; others pass, for a
 * provider may add some at any time.
 */
export const openEnum = <const Values extends readonly string[]>(...known: Values) =>
  z.string().meta({ examples: [...known] }) as unknown as z.ZodType<OpenEnum<Values>, OpenEnum<Values>>

type OpenEnum<Values extends readonly string[]> = Values[number] | (string & {})

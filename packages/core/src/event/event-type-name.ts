/**
 * The name of an event type: any text but `unknown`. TypeScript has no type for "not", so this is a text with a character
 * that `unknown` lacks. If it were `string`, `type === 'unknown'` would narrow nothing.
 */
export type EventTypeName =
  `${string}${OneOf<'abcdefghijlmpqrstvxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-:/ '>}${string}`

type OneOf<Characters extends string, Found = never> = Characters extends `${infer First}${infer Rest}`
  ? OneOf<Rest, Found | First>
  : Found

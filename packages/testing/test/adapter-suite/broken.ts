import type { Answer, ReceiverOptions } from '@mailbox-hooks/core'
import { type Breakage, changed } from './reference-adapter.js'

export interface Broken {
  readonly breakage: Breakage
  /** The name of the check that fails then. */
  readonly foundBy: string
}

export const found = (foundBy: string, breakage: Breakage): Broken => ({ breakage, foundBy })

/** The code that an answer names. */
const errorOf = ({ body }: Answer): string | undefined => /"error":"(\w+)"/.exec(body)?.[1]

/** Answers one kind of refusal with a 200, as an application's error handler may. */
export const acknowledging = (error: string): Breakage => ({
  answer: (answer) => (errorOf(answer) === error ? { ...answer, status: 200 } : answer),
})

/** Hands on a body that is not what arrived. */
export const rewriting = (rewrite: (body: Buffer) => Buffer): Breakage => ({
  request: (request) =>
    changed(request, { readBody: async (limit) => rewrite(Buffer.from(await request.readBody(limit))) }),
})

/** Reads a header in its own way. */
export const reading = (name: string, read: (value: string | undefined) => string | undefined): Breakage => ({
  request: (request) =>
    changed(request, { header: (asked) => (asked === name ? read(request.header(asked)) : request.header(asked)) }),
})

/** Leaves out options that it was given. */
export const without = (...names: (keyof ReceiverOptions)[]): Breakage => ({
  options: (options) =>
    Object.fromEntries(
      Object.entries(options).filter(([name]) => !names.includes(name as keyof ReceiverOptions)),
    ) as unknown as ReceiverOptions,
})

export const replying = (change: NonNullable<Breakage['reply']>): Breakage => ({ reply: change })

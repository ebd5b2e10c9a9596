import type { ServerResponse } from 'node:http'
import type { Accepted, Answer } from '@mailbox-hooks/core'
import { isBodyHeader, isPromise } from '@mailbox-hooks/core/node'

const unchanged = function (this: ServerResponse) {
  return this
}

/** The methods that change a response, replaced by ones that do nothing. Status and end are not among them. */
const FIXED: Readonly<Record<string, unknown>> = {
  write: () => true,
  writeHead: unchanged,
  flushHeaders: unchanged,
  setHeader: unchanged,
  setHeaders: unchanged,
  appendHeader: unchanged,
  removeHeader: unchanged,
}
const FIXED_NAMES = Object.keys(FIXED)

/**
 * Holds the end of a response until the event is settled, so that the provider's next attempt already sees the result.
 *
 * If that takes time, the first `end` freezes the response. Otherwise a second answer, or that of an error handler, would
 * replace the answer that decided. `headersSent` stays false until the event is settled, because an error handler closes
 * the connection of a half-sent response. A client that has left changes nothing: the handler's own end decides, and
 * `finish` never fires then.
 */
export function holdEnd(response: ServerResponse, settle: Accepted['settle']): void {
  const end = response.end
  let state: 'open' | 'held' | 'settled' = 'open'
  const endOnce = (...args: Parameters<typeof end>) => {
    if (state === 'settled') return end.apply(response, args)
    if (state === 'held') return response
    state = 'held'
    const { statusCode } = response
    const send = (instead: Answer | undefined) => {
      state = 'settled'
      if (instead === undefined) end.apply(response, args)
      else replace(response, instead)
    }
    const settled = settle(statusCode)
    if (isPromise(settled)) sendOnceSettled(response, settled, send)
    else sendAtOnce(response, settled, send)
    return response
  }
  // V8 puts a function that is written as the value of a property among the old objects, for it looks like a method. It
  // would keep the whole request in memory until the next full garbage collection. So it is assigned by its name.
  response.end = endOnce as typeof end
}

type Send = (instead: Answer | undefined) => void

/** Ends a response whose event is settled. A `write` after it would end the process, if nobody listened to its error. */
function sendAtOnce(response: ServerResponse, instead: Answer | undefined, send: Send): void {
  response.on('error', ignore)
  try {
    send(instead)
  } catch {
    // The handler's answer cannot be sent.
    response.destroy()
  }
}

const ignore = () => undefined

/** Freezes a response until its event is settled. */
function sendOnceSettled(response: ServerResponse, settled: Promise<Answer | undefined>, send: Send): void {
  const release = fix(response, response.statusCode)
  settled
    .then((instead) => {
      release()
      send(instead)
    })
    // The handler's answer cannot be sent, and no caller is left to catch the error.
    .catch(() => response.destroy())
}

/**
 * Freezes a response: changes have no effect until the returned function is called.
 *
 * It inserts a prototype before the response's own. In Express every response has its own hidden class, so adding a
 * property takes longer than a signature. A method that other middleware has wrapped is a property of the response, and is
 * replaced there. If Express may change the prototype meanwhile, all methods are replaced on the response.
 */
function fix(response: ServerResponse, statusCode: number): () => void {
  const { statusMessage } = response
  const prototype: object = Object.getPrototypeOf(response)
  const fixed = fixedPrototype(prototype)
  const wrapped = FIXED_NAMES.filter((name) => Object.hasOwn(response, name))
  const originals = wrapped.map((name) => [name, Reflect.get(response, name)] as const)
  const replaced = isInSubApp(response) ? FIXED_NAMES : wrapped
  for (const name of replaced) Reflect.set(response, name, FIXED[name])
  Object.setPrototypeOf(response, fixed)
  return () => {
    if (Object.getPrototypeOf(response) === fixed) Object.setPrototypeOf(response, prototype)
    for (const name of replaced) Reflect.deleteProperty(response, name)
    for (const [name, original] of originals) Reflect.set(response, name, original)
    response.statusCode = statusCode
    response.statusMessage = statusMessage
  }
}

/** Returns whether Express may change the prototype: a response that leaves a mounted application gets the outer one's. */
function isInSubApp({ app }: ServerResponse & { app?: { parent?: unknown } }): boolean {
  return app?.parent !== undefined
}

/** Frozen prototypes, one for each application. */
const fixedPrototypes = new WeakMap<object, object>()

function fixedPrototype(prototype: object): object {
  const known = fixedPrototypes.get(prototype)
  if (known !== undefined) return known
  const fixed: object = Object.assign(Object.create(prototype), FIXED)
  fixedPrototypes.set(prototype, fixed)
  return fixed
}

function replace(response: ServerResponse, answer: Answer): void {
  // Part of the handler's answer is already sent, so only a closed connection can revoke it.
  if (response.headersSent) response.destroy()
  else writeAnswer(response, answer)
}

/** Writes an answer of the receiver, unless something else, such as a time limit, has answered meanwhile. */
export function writeAnswer(response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.headersSent) return
  for (const name of response.getHeaderNames()) {
    if (isBodyHeader(name)) response.removeHeader(name)
  }
  try {
    // No `writeHead`, because middleware that wrapped `end` may still set a header.
    response.statusCode = status
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    response.end(body)
  } catch {
    // No caller is left to catch an error, and a forged request must not end the process.
    response.destroy()
  }
}

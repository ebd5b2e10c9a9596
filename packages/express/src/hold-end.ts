import type { ServerResponse } from 'node:http'
import type { Accepted, Answer } from '@mailbox-hooks/core'
import { isBodyHeader } from '@mailbox-hooks/core/node'

const unchanged = function (this: ServerResponse) {
  return this
}

/** What changes a response, apart from its status and its end, doing nothing. */
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
 * Holds the end of a response until the event is settled, so that the provider's next attempt already sees it.
 *
 * From the first `end` on the response is fixed: a second answer, or the error handler's after a throw, would replace
 * the one that decided. It counts as not sent until then, because an error handler cuts the connection when it meets a
 * response that is half out. Whether the client still listens does not matter: the handler's own end decides, and
 * `finish` never comes when the client has gone.
 */
export function holdEnd(response: ServerResponse, settle: Accepted['settle']): void {
  const end = response.end
  let state: 'open' | 'held' | 'settled' = 'open'
  response.end = ((...args: Parameters<typeof end>) => {
    if (state === 'settled') return end.apply(response, args)
    if (state === 'held') return response
    state = 'held'
    const { statusCode } = response
    const release = fix(response, statusCode)
    settle(statusCode)
      .then((instead) => {
        state = 'settled'
        release()
        if (instead === undefined) end.apply(response, args)
        else replace(response, instead)
      })
      // The handler ended with something that cannot be sent; nobody is left to throw that at.
      .catch(() => response.destroy())
    return response
  }) as typeof end
}

/**
 * Makes all changes without effect until the function it returns is called.
 *
 * By a prototype in front of the response's own: in Express every response has a hidden class to itself, and each
 * property that is added to it takes longer than a signature. What somebody wrapped stands on the response, and is
 * replaced there; all of it, where Express may change the prototype meanwhile.
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

/** On the way out of an application that is mounted in another one, a response gets the other one's prototype again. */
function isInSubApp({ app }: ServerResponse & { app?: { parent?: unknown } }): boolean {
  return app?.parent !== undefined
}

/** One for each application. */
const fixedPrototypes = new WeakMap<object, object>()

function fixedPrototype(prototype: object): object {
  const known = fixedPrototypes.get(prototype)
  if (known !== undefined) return known
  const fixed: object = Object.assign(Object.create(prototype), FIXED)
  fixedPrototypes.set(prototype, fixed)
  return fixed
}

function replace(response: ServerResponse, answer: Answer): void {
  // Half of the handler's answer is out already; only a broken connection still says that it does not count.
  if (response.headersSent) response.destroy()
  else writeAnswer(response, answer)
}

/** Writes an answer of the receiver's own, unless something else, such as a time limit, has answered meanwhile. */
export function writeAnswer(response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.headersSent) return
  for (const name of response.getHeaderNames()) {
    if (isBodyHeader(name)) response.removeHeader(name)
  }
  try {
    // No `writeHead`: who has wrapped `end` may still set a header.
    response.statusCode = status
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    response.end(body)
  } catch {
    // Nobody is left to throw that at: a forger's request must not end the process.
    response.destroy()
  }
}

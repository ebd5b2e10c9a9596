import { once } from 'node:events'
import { type DedupStore, memoryStore } from '@mailbox-hooks/core'
import { type Broken, found, replying, without } from './broken.js'
import type { Breakage } from './reference-adapter.js'

/** Replaces the store that it was given by one of its own making. */
const storing = (make: (store: DedupStore) => DedupStore): Breakage => ({
  options: (options) => ({ ...options, store: make(options.store ?? memoryStore()) }),
})

/** The methods of a store, with some replaced. */
const storeWith = (store: DedupStore, replaced: Partial<DedupStore>): DedupStore => ({
  claim: (...args) => store.claim(...args),
  complete: (...args) => store.complete(...args),
  release: (...args) => store.release(...args),
  extend: (...args) => store.extend(...args),
  ...replaced,
})

const keyed = (change: (key: string) => string) =>
  storing((store) =>
    storeWith(store, {
      claim: (key, ...args) => store.claim(change(key), ...args),
      complete: (key, ...args) => store.complete(change(key), ...args),
      release: (key, ...args) => store.release(change(key), ...args),
      extend: (key, ...args) => store.extend(change(key), ...args),
    }),
  )

/** Takes a status of the handler for success. */
const settlingAsGood = (bad: number): Breakage => ({
  settle: async (accepted, status) => accepted.settle(status === bad ? 200 : status),
})

let events = 0

const BROKEN_ONCE: Readonly<Record<string, Broken>> = {
  'answers everything itself': found(
    "answers a new event with the handler's own answer",
    replying(({ status }) => ({ status, body: { received: true } })),
  ),
  'handles duplicates': found(
    'answers an event that has been handled with 200, and does not handle it again',
    keyed((key) => `${key}:${++events}`),
  ),
  'acknowledges events in flight': found(
    'handles one of 60 parallel duplicates, answers 503 to the others, and deduplicates later ones',
    { answer: (answer) => (answer.status === 503 ? { ...answer, status: 200 } : answer) },
  ),
  'settles after its answer': found('has settled the event when its answer arrives, even with a slow store', {
    settle: async (accepted, status) => {
      void accepted.settle(status)
      return undefined
    },
  }),
  'takes the mailbox for the event': found(
    'handles every change of a mailbox that returns to an earlier status',
    keyed((key) => key.replace(/\d{4}-\d\d-\d\dT.*$/, '')),
  ),
  'takes the attempt for a part of the event': found(
    'deduplicates a retry whose body differs in the number of the attempt',
    keyed((key) => `${key}:${++events}`),
  ),
  'forgets the namespace': found('separates namespaces that share a store', without('namespace')),
}

const BROKEN_ENDINGS: Readonly<Record<string, Broken>> = {
  'marks an event whose handler threw': found(
    'handles the next attempt after a handler that throws',
    settlingAsGood(500),
  ),
  'marks an event that was answered with 500': found(
    'handles the next attempt after a handler that answers 500 without a throw',
    settlingAsGood(500),
  ),
  'marks an event that was answered with 404': found(
    'handles the next attempt after a handler that answers 404',
    settlingAsGood(404),
  ),
  'marks an event that was answered with a redirection': found(
    'handles the next attempt after a handler that answers with a redirection',
    settlingAsGood(302),
  ),
  'marks an event whose answer is a stream': found(
    'handles the next attempt after a handler that streams an answer of 503',
    settlingAsGood(503),
  ),
  'loses the JSON of an answer': found(
    'lets a handler answer with JSON',
    replying(({ body: _, ...reply }) => reply),
  ),
  'adds a body': found(
    'lets a handler answer with nothing but its status',
    replying(({ status, ...reply }) => ({ ...reply, status: status === 204 ? 200 : status })),
  ),
  'sends the first piece of a stream': found(
    'lets a handler answer with a stream',
    replying(({ pieces, ...reply }) => (pieces === undefined ? reply : { ...reply, pieces: pieces.slice(0, 1) })),
  ),
  'gives an event back when its client has left': found(
    'counts the run of a handler whose client has left, and starts no second run',
    {
      run: (accepted, handler, message) => {
        message.socket.on('close', () => void accepted.settle(499))
        return accepted.run(handler)
      },
    },
  ),
  'marks an event when its client has left': found('releases the event when a handler fails whose client has left', {
    run: async (accepted, handler, { socket }) => {
      try {
        return await accepted.run(handler)
      } catch (error) {
        if (!socket.destroyed) await once(socket, 'close')
        await accepted.settle(200)
        throw error
      }
    },
  }),
  'extends leases for ever': found(
    'handles the next attempt when a handler has not ended within maxHandlerMs',
    without('maxHandlerMs'),
  ),
  'marks an event after it was given back': found('lets the first complete() decide, despite the answer', {
    delivery: (delivery) =>
      new Proxy(delivery, {
        get: (target, name) => {
          if (name === 'complete') return async () => true
          const value = Reflect.get(target, name)
          return typeof value === 'function' ? value.bind(target) : value
        },
      }),
  }),
  'ignores release()': found('lets the first release() decide, despite the answer', {
    delivery: (delivery) =>
      new Proxy(delivery, {
        get: (target, name) => {
          if (name === 'release') return async () => true
          const value = Reflect.get(target, name)
          return typeof value === 'function' ? value.bind(target) : value
        },
      }),
  }),
  'sends the 2xx of work that was rolled back': found(
    'replaces a 2xx when the transaction with the mark was rolled back',
    {
      settle: async (accepted, status) => {
        await accepted.settle(status)
        return undefined
      },
    },
  ),
  'streams the 2xx of work that was rolled back': found(
    'sends no complete streamed 2xx when the transaction with the mark was rolled back',
    {
      settle: async (accepted, status) => {
        await accepted.settle(status)
        return undefined
      },
    },
  ),
}

const handledBy = (change: 'nobody' | undefined): Breakage => ({
  options: ({ onOutcome, ...options }) => ({
    ...options,
    onOutcome: ({ handledBy: _, ...outcome }, request) =>
      onOutcome?.({ ...outcome, ...(change && { handledBy: change }) }, request),
  }),
})

const BROKEN_OUTCOMES: Readonly<Record<string, Broken>> = {
  ...Object.fromEntries(
    ['no function', 'no function in two maps'].map((what) => [
      `does not say that ${what} was found`,
      found(`says that nobody handled an event for which dispatch finds ${what}`, handledBy(undefined)),
    ]),
  ),
  ...Object.fromEntries(
    ['a function', 'otherwise', 'a function in the first map', 'a function in the second map', 'no map at all'].map(
      (what) => [
        `says that nobody was there, with ${what}`,
        found(`is silent about an event for which dispatch finds ${what}`, handledBy('nobody')),
      ],
    ),
  ),
  'lets a listener decide the answer': found('is not disturbed by an onOutcome that throws', {
    settle: async (accepted, status) => {
      const instead = await accepted.settle(status)
      return instead ?? { status: 500, headers: {}, body: '' }
    },
  }),
  'waits for a listener': found('survives an onOutcome whose promise rejects', {
    answer: () => undefined,
  }),
}

export const BROKEN_HANDLING: Readonly<Record<string, Broken>> = {
  ...BROKEN_ONCE,
  ...BROKEN_ENDINGS,
  ...BROKEN_OUTCOMES,
}

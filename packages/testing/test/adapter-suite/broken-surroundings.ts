import { WRONG_TICKETS } from '../../src/adapter-suite/wrong-tickets.js'
import { type Broken, found, reading, replying, without } from './broken.js'

const BROKEN_AROUND: Readonly<Record<string, Broken>> = {
  'runs the handler beside the queue': found(
    'answers as soon as the queue has the event, and runs no handler',
    without('handOff'),
  ),
  'waits for the queue': found('answers 503 when the queue does not take the event in time', {
    options: (options) => ({ ...options, handOffTimeoutMs: 60_000 }),
  }),
  'runs the handler outside the context': found(
    "runs the handler inside the observer's context, to the handler's end",
    {
      run: (_accepted, handler) => handler(),
    },
  ),
  ...Object.fromEntries(
    ['everywhere but around the handler', 'before the handler, too', 'after the handler, too'].map((where) => [
      `fails with an observer that throws ${where}`,
      found(
        `is not disturbed by an observer that throws ${where}`,
        replying(() => ({ status: 500 })),
      ),
    ]),
  ),
}

const BROKEN_JOURNAL: Readonly<Record<string, Broken>> = {
  'keeps no journal': found('records each attempt with what was answered', without('journal')),
  'loses the errors of handlers': found('notes the error of a handler, in the journal and in the outcome', {
    fail: () => {},
  }),
  'does not see tickets': found(
    'runs an entry again by a ticket, once',
    reading('x-mailbox-hooks-replay', () => undefined),
  ),
  ...Object.fromEntries(
    WRONG_TICKETS.map(({ what }) => [
      `tells a ticket ${what} from an unknown sender`,
      found(`refuses a ticket ${what} like an unknown sender, and says nothing more to the log`, {
        answer: (answer, message) =>
          message.headers['x-mailbox-hooks-replay'] === undefined ? answer : { ...answer, status: 403 },
      }),
    ]),
  ),
  'hands on no headers': found('keeps what was refused, and says why', {
    request: (request) => ({
      method: request.method,
      header: (name) => request.header(name),
      readBody: (limit) => request.readBody(limit),
      isOpenEnded: () => request.isOpenEnded(),
    }),
  }),
  'handles without its journal': found(
    'answers 503 when the journal does not answer, and runs no handler',
    without('journal'),
  ),
}

const BROKEN_OUTAGES: Readonly<Record<string, Broken>> = {
  'handles without its store': found('answers 503 when the store is down, and runs no handler', {
    options: (options) => ({ ...options, handleWhenStoreIsDown: true }),
  }),
  'waits for its store': found('releases a claim that is granted after the time-out', {
    options: (options) => ({ ...options, storeTimeoutMs: 60_000 }),
  }),
  'fails when a mark fails': found(
    "sends the handler's 2xx when the event cannot be marked, because the work is done",
    {
      reply: () => ({ status: 503 }),
    },
  ),
  'says that a lost claim was settled': found(
    'reports settled: false when the claim was lost before the handler ended',
    {
      options: ({ onOutcome, ...options }) => ({
        ...options,
        onOutcome: (outcome, request) => onOutcome?.({ ...outcome, settled: true }, request),
      }),
    },
  ),
  'refuses whatever its store says': found(
    'handles without a claim only with handleWhenStoreIsDown',
    without('handleWhenStoreIsDown'),
  ),
}

const BROKEN_HANDSHAKES: Readonly<Record<string, Broken>> = {
  'takes GET for nothing': found('answers GET with the question in the query, each time, as a plain text', {
    request: (request) => ({
      ...request,
      method: 'DELETE',
      header: (name) => request.header(name),
      readBody: (limit) => request.readBody(limit),
      isOpenEnded: () => false,
      url: request.url,
    }),
  }),
  'hands on no query': found('answers POST with the question in the query, each time, as a plain text', {
    request: (request) => ({
      method: request.method,
      header: (name) => request.header(name),
      readBody: (limit) => request.readBody(limit),
      isOpenEnded: () => request.isOpenEnded(),
    }),
  }),
  'sends the echo as a page': found('answers a signed POST with the question in the body, each time, as a plain text', {
    answer: (answer) => ({ ...answer, headers: { ...answer.headers, 'content-type': 'text/html' } }),
  }),
  'answers questions of strangers': found('does not answer an unsigned question in a body', {
    answer: (answer) => ({ ...answer, status: 200 }),
  }),
  'takes a delivery for a question': found('handles a delivery whose query holds a question', {
    before: (message, response) => {
      if (!message.url?.includes('validationToken')) return false
      response.end('a')
      return true
    },
  }),
  'answers any question': found('answers no question where no provider asks', {
    before: (message, response) => {
      if (!message.url?.includes('challenge')) return false
      response.end('a')
      return true
    },
  }),
}

/** Mistakes around a handler: the queue, the observer, the journal, the store, the questions of providers. */
export const BROKEN_SURROUNDINGS: Readonly<Record<string, Broken>> = {
  ...BROKEN_AROUND,
  ...BROKEN_JOURNAL,
  ...BROKEN_OUTAGES,
  ...BROKEN_HANDSHAKES,
}

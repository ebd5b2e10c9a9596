import { type Broken, found, reading, rewriting } from './broken.js'
import { changed } from './reference-adapter.js'

const asText = (change: (text: string) => string) => rewriting((body) => Buffer.from(change(body.toString())))

/** Loses the body of requests with a content-type, as a body parser for it does. */
const parsing = (type: string | undefined) => ({
  request: (request: Parameters<typeof changed>[0]) =>
    changed(request, {
      readBody: async (limit) => {
        const body = await request.readBody(limit)
        return request.header('content-type') === type ? Buffer.from('{}') : body
      },
    }),
})

/** Cuts a connection off that is not answered yet, whatever the request still sends. */
const cutting = (which: (answer: { status: number; body: string }) => boolean) => ({
  answer: <A extends { status: number; body: string }>(answer: A) => (which(answer) ? undefined : answer),
})

export const BROKEN_BYTES: Readonly<Record<string, Broken>> = {
  'puts the body into a replacement pattern': found(
    'delivers a body with dollar signs unchanged',
    asText((text) => 'body'.replace('body', text)),
  ),
  'reads bodies as latin1': found(
    'delivers a body with text that is not ASCII unchanged',
    rewriting((body) => Buffer.from(body.toString('latin1'))),
  ),
  'parses bodies and prints them again': found(
    'delivers a body with its own spacing unchanged',
    asText((text) => (text.startsWith('{') ? JSON.stringify(JSON.parse(text)) : text)),
  ),
  'prints numbers again': found(
    'delivers a body with unusual spellings of numbers unchanged',
    asText((text) => text.replaceAll('1.0e+2', '100')),
  ),
  'stops at 100 kB': found(
    'delivers a body with 400 kB unchanged',
    rewriting((body) => body.subarray(0, 100_000)),
  ),
  'decodes each chunk for itself': found('joins chunks that split characters', {
    request: (request, message) =>
      changed(request, {
        readBody: async (limit) => {
          let text = ''
          message.on('data', (chunk: Buffer) => {
            text += chunk.toString()
          })
          await request.readBody(limit)
          return Buffer.from(text)
        },
      }),
  }),
  ...Object.fromEntries(
    [undefined, 'application/json; charset=utf-8', 'text/plain', 'application/x-www-form-urlencoded', 'nonsense'].map(
      (type) => [`loses bodies of the type ${type}`, found(`takes the content-type ${type}`, parsing(type))],
    ),
  ),
  'knows no content-encoding but none': found(
    'accepts content-encoding: identity',
    reading('content-encoding', (value) => (value === undefined ? value : 'gzip')),
  ),
  'takes what arrived of a body for the whole': found(
    'claims nothing for an upload that ends early, and handles the next attempt',
    {
      request: (request) =>
        changed(request, { readBody: (limit) => request.readBody(limit).catch(() => Buffer.from('{}')) }),
    },
  ),
  'leaves the body of a refusal to the next request': found('leaves the connection usable after a refusal', {
    request: (request, message) => {
      // As a framework that never reads what it was not asked for.
      const isRefusedEarly = message.headers['x-signature'] === 'short'
      return changed(request, {
        drainBody: async () => true,
        isOpenEnded: () => isRefusedEarly || request.isOpenEnded(),
      })
    },
    answer: (answer, message) => {
      if (message.headers['x-signature'] !== 'short') return answer
      message.socket.pause()
      return undefined
    },
  }),
  'cuts off unknown senders': found(
    'gets its refusal through to a sender that reads nothing before it has sent its whole body, of nobody we know',
    cutting(({ status }) => status === 401),
  ),
  'cuts off malformed signatures': found(
    'gets its refusal through to a sender that reads nothing before it has sent its whole body, with a malformed signature',
    cutting(({ status }) => status === 401),
  ),
  'cuts off large bodies': found(
    'gets its refusal through to a sender that reads nothing before it has sent its whole body, that is too large',
    cutting(({ status }) => status === 413),
  ),
  'closes the connection of a refusal without a word': found(
    'serves the next delivery of a connection after a large body that it refused, or has said that it closes',
    {
      answer: (answer, { socket }) => {
        if (answer.status === 401) setImmediate(() => socket.destroySoon())
        return answer
      },
    },
  ),
  'waits for the body of whom it refuses': found(
    'answers a refused sender whose body does not come, and closes its connection',
    {
      request: (request, message) =>
        changed(request, {
          drainBody: () =>
            new Promise((resolve) => {
              message.on('end', () => resolve(true)).resume()
            }),
        }),
    },
  ),
  'says to whom it refuses what was wrong': found(
    'answers all refusals of the signature with the same bytes, where the request has a content-length',
    {
      answer: (answer, message) =>
        message.headers['x-signature'] === undefined
          ? { ...answer, headers: { ...answer.headers, 'x-reason': 'no signature' } }
          : answer,
    },
  ),
  'closes the connection of some that it refuses': found(
    'answers all refusals of the signature with the same bytes, where the request has a transfer-encoding',
    {
      answer: (answer, message) =>
        message.headers['x-signature'] === 'short'
          ? { ...answer, headers: { ...answer.headers, connection: 'keep-alive' } }
          : answer,
    },
  ),
  'takes an upload that was cut off for a bad body': found(
    'asks InboxKit for a delivery again whose upload was cut off, because it takes a 4xx as final',
    {
      request: (request) =>
        changed(request, { readBody: (limit) => request.readBody(limit).catch(() => Buffer.from('{')) }),
    },
  ),
}

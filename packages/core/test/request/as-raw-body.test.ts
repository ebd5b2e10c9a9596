import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import getRawBody from 'raw-body'
import { expect, it } from 'vitest'
import { WebhookError } from '../../src/errors.js'
import { readNodeBody } from '../../src/request/read-node-body.js'

/** An upload: its chunks, what its header says of their length, and how it ends. */
interface Upload {
  readonly chunks: readonly Uint8Array[]
  readonly announced: 'right' | 'short' | 'long' | 'absent'
  readonly end: 'whole' | 'cut off' | 'failed' | 'text' | 'gone'
  readonly limitBytes: number
}

const uploads: fc.Arbitrary<Upload> = fc.record({
  chunks: fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 }),
  announced: fc.constantFrom('right', 'short', 'long', 'absent'),
  end: fc.constantFrom('whole', 'whole', 'whole', 'cut off', 'failed', 'text', 'gone'),
  limitBytes: fc.integer({ min: 1, max: 160 }),
})

/** The names of raw-body's errors here. */
const CODES: Readonly<Record<string, string>> = {
  'entity.too.large': 'body_too_large',
  'stream.encoding.set': 'body_already_read',
}

/** The reading of our own is measured by the library that Express and Koa read bodies with. */
it('a body of Node is read and refused as raw-body reads and refuses it', async () => {
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(uploads, async (upload) => {
      const headers = headersOf(upload)
      const theirs = await outcome(
        getRawBody(streamOf(upload), { limit: upload.limitBytes, length: headers['content-length'] ?? null }),
      )
      const ours = await outcome(readNodeBody(streamOf(upload), headers, upload.limitBytes))
      expect(ours).toEqual(theirs)
      seen.add(typeof ours === 'string' ? ours : 'read')
    }),
    { numRuns: 500 },
  )
  expect([...seen].sort()).toEqual(['body_aborted', 'body_already_read', 'body_too_large', 'read'])
})

function headersOf({ chunks, announced }: Upload): IncomingHttpHeaders {
  const length = Buffer.concat(chunks).length
  const said = { right: length, short: Math.max(0, length - 1), long: length + 1, absent: undefined }[announced]
  return said === undefined ? {} : { 'content-length': String(said) }
}

function streamOf({ chunks, end }: Upload): IncomingMessage {
  const left = [...chunks]
  const stream: Readable = new Readable({
    read() {
      const chunk = left.shift()
      if (chunk !== undefined) return void this.push(chunk)
      if (end === 'cut off') {
        // As node:http tells of a connection that broke, once the chunks before are out.
        setImmediate(() => {
          this.emit('aborted')
          this.destroy(new Error('aborted'))
        })
      } else if (end === 'failed') setImmediate(() => this.destroy(new Error('reset')))
      else this.push(null)
    },
  })
  // As node:http does, which raises no error that nobody listens for.
  stream.on('error', () => undefined)
  if (end === 'text') stream.setEncoding('utf8')
  if (end === 'gone') stream.destroy()
  return stream as IncomingMessage
}

const outcome = (body: Promise<Uint8Array>) =>
  body.then(
    (bytes) => [...bytes],
    (error) => (error instanceof WebhookError ? error.code : (CODES[error.type] ?? 'body_aborted')),
  )

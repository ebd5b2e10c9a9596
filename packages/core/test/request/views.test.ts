import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { ByteCollector } from '../../src/request/byte-collector.js'
import { readNodeBody } from '../../src/request/read-node-body.js'
import { readWebBody } from '../../src/request/read-web-body.js'

const TEXT = '{"from":"the middle"}'
const around = Buffer.from(`before${TEXT}after`)

/** A view of the middle of a larger buffer, as runtimes with buffer pools hand them out. */
const view = (from: number, to: number) =>
  new Uint8Array(around.buffer, around.byteOffset + 'before'.length + from, to - from)

const requestOf = (chunks: readonly Uint8Array[]) =>
  new Request('http://localhost', {
    method: 'POST',
    body: new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const chunk of chunks) controller.enqueue(chunk)
        controller.close()
      },
    }),
    duplex: 'half',
  } as RequestInit)

const EACH_BYTE = [...TEXT].map((_, at) => view(at, at + 1))

describe('a body whose chunks are views of larger buffers', () => {
  it.each([
    ['one', [view(0, TEXT.length)]],
    ['two', [view(0, 7), view(7, TEXT.length)]],
    ['as many as it has bytes', EACH_BYTE],
  ])('has its own bytes and none beside them: %s', async (_count, chunks) => {
    expect(Buffer.from(await readWebBody(requestOf(chunks), 100)).toString()).toBe(TEXT)
  })

  it.each([TEXT.length, TEXT.length - 1])('is measured by its own bytes, against a limit of %i', async (limit) => {
    const read = readWebBody(requestOf([view(0, 7), view(7, TEXT.length)]), limit)
    if (limit === TEXT.length) expect((await read).length).toBe(limit)
    else await expect(read).rejects.toMatchObject({ code: 'body_too_large' })
  })

  it('is not copied when there is one, as of most bodies', () => {
    const bytes = new ByteCollector(100)
    const chunk = view(0, TEXT.length)
    bytes.add(chunk)
    expect([bytes.join().buffer, bytes.join().toString()]).toEqual([chunk.buffer, TEXT])
    bytes.add(chunk)
    expect(bytes.join().toString()).toBe(TEXT + TEXT)
    expect(new ByteCollector(1).join()).toHaveLength(0)
  })

  it('is joined in order when there are more chunks than are joined at a time', () => {
    const collector = new ByteCollector(10_000)
    const numbers = Array.from({ length: 2_500 }, (_, index) => index % 251)
    for (const number of numbers) collector.add(Uint8Array.of(number))
    expect(collector.length).toBe(2_500)
    expect([...collector.join()]).toEqual(numbers)
  })
})

describe('the bytes that a parser kept', () => {
  const read = (rawBody: unknown, limitBytes: number, headers = {}) =>
    readNodeBody({ readableDidRead: true, rawBody } as unknown as IncomingMessage, headers, limitBytes)

  it('are the body, up to the limit', async () => {
    expect(await read(Buffer.from('12345'), 5)).toEqual(Buffer.from('12345'))
    await expect(read(Buffer.from('123456'), 5)).rejects.toMatchObject({ code: 'body_too_large' })
  })

  it('are not enough if the sender announced more', async () => {
    await expect(read(Buffer.from('1234'), 5, { 'content-length': '5' })).rejects.toMatchObject({
      code: 'body_aborted',
    })
    // With chunks, the length says nothing.
    const chunked = { 'content-length': '5', 'transfer-encoding': 'chunked' }
    expect(await read(Buffer.from('1234'), 5, chunked)).toEqual(Buffer.from('1234'))
  })

  it.each([undefined, '12345', { length: 5 }])('are bytes: %o are none', async (rawBody) => {
    await expect(read(rawBody, 5)).rejects.toMatchObject({ code: 'body_already_read' })
  })
})

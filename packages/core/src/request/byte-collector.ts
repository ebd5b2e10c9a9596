import { bodyTooLarge } from '../errors.js'

/** The number of chunks that are joined at a time. */
const CHUNKS_PER_BLOCK = 1024

/**
 * Joins the chunks of a body, up to a limit.
 *
 * The sender chooses the size of the chunks. Chunks of one byte cost a hundred times their content, so without joining,
 * `limitBytes` would not bound the memory.
 */
export class ByteCollector {
  readonly #limitBytes: number
  readonly #blocks: Uint8Array[] = []
  #chunks: Uint8Array[] = []
  #length = 0

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  get length(): number {
    return this.#length
  }

  /** Adds a chunk. Throws `body_too_large` if there are more bytes than allowed. */
  add(chunk: Uint8Array): void {
    this.#length += chunk.length
    if (this.#length > this.#limitBytes) throw bodyTooLarge(this.#limitBytes)
    // Most bodies arrive in one chunk, and the first `push` makes room for seventeen.
    if (this.#chunks.length === 0) this.#chunks = [chunk]
    else this.#chunks.push(chunk)
    if (this.#chunks.length < CHUNKS_PER_BLOCK) return
    this.#blocks.push(Buffer.concat(this.#chunks))
    this.#chunks = []
  }

  join(): Buffer {
    const [only] = this.#chunks
    // Most bodies arrive in one chunk, which needs no copy.
    if (only !== undefined && this.#chunks.length === 1 && this.#blocks.length === 0) return asBuffer(only)
    return Buffer.concat([...this.#blocks, ...this.#chunks])
  }
}

const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)

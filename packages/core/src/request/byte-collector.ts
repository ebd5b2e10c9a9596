import { bodyTooLarge } from '../errors.js'

/** So many chunks are joined at a time. */
const CHUNKS_PER_BLOCK = 1024

/**
 * Joins the chunks of a body, up to a limit.
 *
 * The sender chooses how large the chunks are. Kept as they came, those of one byte cost a hundred times their content,
 * and `limitBytes` would bound nothing; so they are joined on the way.
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

  /** Throws `body_too_large` when there are more bytes than allowed. */
  add(chunk: Uint8Array): void {
    this.#length += chunk.length
    if (this.#length > this.#limitBytes) throw bodyTooLarge(this.#limitBytes)
    this.#chunks.push(chunk)
    if (this.#chunks.length < CHUNKS_PER_BLOCK) return
    this.#blocks.push(Buffer.concat(this.#chunks))
    this.#chunks = []
  }

  join(): Buffer {
    const parts = [...this.#blocks, ...this.#chunks]
    const [only] = parts
    // Most bodies come in one piece, which need not be copied.
    if (only !== undefined && parts.length === 1) return Buffer.from(only.buffer, only.byteOffset, only.length)
    return Buffer.concat(parts)
  }
}

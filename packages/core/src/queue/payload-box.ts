import { SealError, Sealer } from '../sealing/sealer.js'
import { checkSealing, type SealingOptions } from '../sealing/sealing-keys.js'

/** A text as it lies in a queue. */
export type Boxed = { readonly sealed: string } | { readonly plain: string }

/** Puts texts into the form in which they lie in a queue, and gets them out again. */
export class PayloadBox {
  readonly #sealer: Sealer | undefined
  readonly #mayBePlain: boolean

  /** Throws a `TypeError` where neither `sealingKeys` nor `plaintext` says how. */
  constructor(owner: string, options: SealingOptions) {
    const [first, ...others] = checkSealing(owner, options)
    this.#sealer = first && new Sealer([first, ...others])
    this.#mayBePlain = options.plaintext ?? false
  }

  pack(text: string, boundTo: string): Boxed {
    return this.#sealer === undefined ? { plain: text } : { sealed: this.#sealer.seal(text, boundTo) }
  }

  /** Throws a `SealError` for what does not open. */
  unpack(boxed: Partial<Record<'sealed' | 'plain', unknown>>, boundTo: string): string {
    if (typeof boxed.sealed === 'string') {
      if (this.#sealer !== undefined) return this.#sealer.open(boxed.sealed, boundTo)
      throw new SealError('It is sealed, and there are no sealingKeys here.')
    }
    if (typeof boxed.plain !== 'string') throw new SealError('It holds no delivery.')
    if (this.#mayBePlain) return boxed.plain
    // Whoever can write into the queue could pass anything off as a delivery.
    throw new SealError('It is not sealed. plaintext: true beside the sealingKeys takes such ones, too.')
  }
}

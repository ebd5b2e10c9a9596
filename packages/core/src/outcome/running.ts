/** Counts what runs, and waits for its end. */
export class Running {
  #count = 0
  #waiting: (() => void)[] = []

  /** Counts one more. Call the returned function at its end; further calls of it do nothing. */
  begin(): () => void {
    this.#count += 1
    let hasEnded = false
    return () => {
      if (hasEnded) return
      hasEnded = true
      this.#count -= 1
      if (this.#count === 0) this.#tell()
    }
  }

  /** Resolves once nothing runs. */
  idle(): Promise<void> {
    if (this.#count === 0) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #tell(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { RECEIVER } from './build-receiver.js'
import type { Death } from './kill-points.js'
import type { ReceiverSettings } from './receiver-settings.js'

/** A receiver that is started again when it was killed, as a supervisor does. */
export class ReceiverProcess {
  /** Undefined while it is down. */
  url: string | undefined
  readonly #folder: string
  readonly #settings: ReceiverSettings
  readonly #deaths: Death[]
  #child: ChildProcess | undefined
  #isClosing = false
  #failure: Error | undefined

  /** `deaths`: how its lives end, one after the other, before the one that does not end by itself. */
  constructor(folder: string, settings: ReceiverSettings, deaths: readonly Death[] = []) {
    this.#folder = folder
    this.#settings = settings
    this.#deaths = [...deaths]
  }

  /** Resolves when it listens, or has ended before it could. */
  async start(): Promise<void> {
    const settings = JSON.stringify({ ...this.#settings, death: this.#deaths.shift() })
    const child = spawn(process.execPath, [join(this.#folder, RECEIVER), settings], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    this.#child = child
    // It would notice by itself that its parent has gone, unless it is standing still just then.
    const end = () => child.kill('SIGKILL')
    process.once('exit', end)
    child.once('exit', (_code, signal) => {
      process.off('exit', end)
      this.url = undefined
      if (!this.#isClosing) this.#restart(signal)
    })
    const [url] = await Promise.race([once(child, 'message'), once(child, 'exit')])
    if (typeof url === 'string') this.url = url
  }

  /** It stands still, with everything that it holds. */
  stall(): void {
    this.#child?.kill('SIGSTOP')
  }

  resume(): void {
    this.#child?.kill('SIGCONT')
  }

  /** Rejects when it has ended in a way that it was not told to. */
  async close(): Promise<void> {
    this.#isClosing = true
    const child = this.#child
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit')
      child.kill('SIGKILL')
      await exit
    }
    if (this.#failure !== undefined) throw this.#failure
  }

  #restart(signal: NodeJS.Signals | null): void {
    if (signal !== 'SIGKILL') {
      this.#failure = new Error('A receiver has ended by itself')
      return
    }
    this.start().catch((error: Error) => {
      this.#failure = error
    })
  }
}

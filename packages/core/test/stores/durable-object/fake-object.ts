import { type ObjectNamespaceLike, WebhookStore } from '@mailbox-hooks/core/durable-object'
import Database from 'libsql'

/** One object on a database of SQLite in memory, in place of Cloudflare's. */
class FakeObject {
  readonly database = new Database(':memory:', {})
  alarmAt: number | null = null
  readonly #object: WebhookStore

  constructor() {
    this.#object = new WebhookStore({
      storage: {
        sql: { exec: (statement, ...values) => ({ toArray: () => this.#run(statement, values) }) },
        getAlarm: async () => this.alarmAt,
        setAlarm: async (atMs) => {
          this.alarmAt = atMs
        },
      },
      blockConcurrencyWhile: (work) => work(),
    })
  }

  fetch(url: string, init: RequestInit): Promise<Response> {
    return this.#object.fetch(new Request(url, init))
  }

  /** Rings the alarm that is set. */
  async ring(): Promise<void> {
    this.alarmAt = null
    await this.#object.alarm()
  }

  get rows(): number {
    return this.database.prepare('SELECT 1 FROM events UNION ALL SELECT 1 FROM entities').all().length
  }

  #run(statement: string, values: unknown[]): unknown[] {
    const prepared = this.database.prepare(statement)
    if (prepared.reader) return prepared.all(...values)
    prepared.run(...values)
    return []
  }
}

/** Objects by their names. A call fails, before the object has it or after, as `failures` says. */
export class FakeNamespace implements ObjectNamespaceLike {
  readonly objects = new Map<string, FakeObject>()
  readonly failures: ('before' | 'after')[] = []

  idFromName(name: string): unknown {
    return name
  }

  get(id: unknown) {
    const object = this.objects.get(String(id)) ?? new FakeObject()
    this.objects.set(String(id), object)
    return {
      fetch: async (url: string, init: RequestInit) => {
        const failure = this.failures.shift()
        if (failure === 'before') throw new Error('Network connection lost.')
        const response = await object.fetch(url, init)
        if (failure === 'after') throw new Error('Network connection lost.')
        return response
      },
    }
  }

  get only(): FakeObject {
    const [object] = this.objects.values()
    if (object === undefined || this.objects.size > 1) throw new Error(`${this.objects.size} objects`)
    return object
  }
}

import type { Claim, DedupStore, HandledPosition } from '@mailbox-hooks/core'
import type { StoreUnderTest } from '../../src/suites.js'

interface Row {
  readonly state: 'claimed' | 'done'
  readonly token: string
  readonly endsAt: number
  /** The connection that claimed it. */
  readonly by: number
}

/** The data that all connections of a store share. */
export interface Data {
  readonly rows: Map<string, Row>
  readonly positions: Map<string, { readonly at: number; readonly endsAt: number }>
  nowMs: number
  grants: number
  connections: number
}

/** The contract in as few lines as it takes. Each broken store replaces some of its methods. */
export class ReferenceStore implements DedupStore {
  readonly data: Data
  readonly connection: number

  constructor(data: Data, connection: number) {
    this.data = data
    this.connection = connection
  }

  async claim(key: string, leaseMs: number): Promise<Claim> {
    const row = this.rowOf(key)
    const left = row === undefined ? 0 : row.endsAt - this.data.nowMs
    if (row !== undefined && left > 0) return row.state === 'done' ? { status: 'done' } : inFlight(left)
    return this.grant(key, leaseMs)
  }

  async complete(key: string, token: string, retentionMs: number): Promise<boolean> {
    return this.holds(key, token) && this.put(key, { state: 'done', endsAt: this.data.nowMs + retentionMs })
  }

  async release(key: string, token: string): Promise<boolean> {
    return this.holds(key, token) && this.data.rows.delete(key)
  }

  async extend(key: string, token: string, leaseMs: number): Promise<boolean> {
    return this.holds(key, token) && this.put(key, { endsAt: this.data.nowMs + leaseMs })
  }

  async position(entity: string, handled?: HandledPosition): Promise<number | undefined> {
    const { positions, nowMs } = this.data
    const known = positions.get(entity)
    const newest = known !== undefined && known.endsAt > nowMs ? known.at : undefined
    if (handled === undefined) return newest
    const at = Math.max(newest ?? handled.at, handled.at)
    positions.set(entity, { at, endsAt: nowMs + handled.retentionMs })
    return at
  }

  rowOf(key: string): Row | undefined {
    return this.data.rows.get(key)
  }

  holds(key: string, token: string): boolean {
    const row = this.rowOf(key)
    return row?.state === 'claimed' && row.token === token
  }

  grant(key: string, leaseMs: number): Claim {
    const token = `token-${++this.data.grants}`
    this.data.rows.set(key, {
      state: 'claimed',
      token,
      endsAt: this.data.nowMs + leaseMs,
      by: this.connection,
    })
    return { status: 'claimed', token }
  }

  put(key: string, changes: Partial<Row>): true {
    const row = this.rowOf(key) ?? { state: 'claimed', token: '', endsAt: 0, by: this.connection }
    this.data.rows.set(key, { ...row, ...changes })
    return true
  }
}

export const inFlight = (retryAfterMs: number): Claim => ({ status: 'in-flight', retryAfterMs })

/** Returns the methods in which a broken store differs. `store` is the connection, whose own methods still keep the contract. */
export type Breakage = (store: ReferenceStore) => Partial<DedupStore>

/** The reference, or a broken store, as the suite takes it. */
export function underTest(name: string, breakage: Breakage = () => ({})): StoreUnderTest {
  return {
    name,
    open: async () => {
      const data: Data = { rows: new Map(), positions: new Map(), nowMs: 1, grants: 0, connections: 0 }
      const connect = (): DedupStore => {
        const store = new ReferenceStore(data, data.connections++)
        return {
          claim: store.claim.bind(store),
          complete: store.complete.bind(store),
          release: store.release.bind(store),
          extend: store.extend.bind(store),
          position: store.position.bind(store),
          ...breakage(store),
        }
      }
      return {
        store: connect(),
        another: async () => connect(),
        pass: async (ms) => {
          data.nowMs += ms
        },
        clear: async () => {
          data.rows.clear()
          data.positions.clear()
        },
        close: async () => {},
      }
    },
  }
}

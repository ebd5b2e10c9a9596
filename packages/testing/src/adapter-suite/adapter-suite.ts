import { describe } from 'vitest'
import type { AdapterUnderTest } from './adapter-under-test.js'
import { aroundTests } from './around.js'
import { bytesTests } from './bytes.js'
import { connectionsTests } from './connections.js'
import { endingsTests } from './endings.js'
import { handshakesTests } from './handshakes.js'
import { harnessOf } from './harness.js'
import { journalTests } from './journal.js'
import { onceTests } from './once.js'
import { outageTests } from './outage.js'
import { refusalsTests } from './refusals.js'

/**
 * Tests an adapter over real sockets: the answer of each delivery, the settling of its event, and how often the handler
 * runs. Call it at the top of a vitest file. It defines its own `describe` blocks.
 *
 * @example
 * adapterSuite({ name: 'express', start: async (options, handle) => ({ url, close }) })
 */
export function adapterSuite(adapter: AdapterUnderTest): void {
  const start = harnessOf(adapter)
  describe(`${adapter.name}: refusals`, () => refusalsTests(start, adapter))
  describe(`${adapter.name}: handshakes`, () => handshakesTests(start))
  describe(`${adapter.name}: bytes`, () => bytesTests(start))
  describe(`${adapter.name}: connections`, () => connectionsTests(start))
  describe(`${adapter.name}: handled once`, () => onceTests(start))
  describe(`${adapter.name}: how a handler may end`, () => endingsTests(start))
  describe(`${adapter.name}: queue and observer`, () => aroundTests(start))
  describe(`${adapter.name}: journal`, () => journalTests(start, adapter))
  describe(`${adapter.name}: outages`, () => outageTests(start))
}

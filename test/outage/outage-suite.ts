import { setTimeout as wait } from 'node:timers/promises'
import type { DedupStore } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import type { SignedDelivery } from '@mailbox-hooks/testing'
import express from 'express'
import { describe, it, type TestContext } from 'vitest'
import type { AdapterUnderTest, Handler } from '../../packages/testing/src/adapter-suite/adapter-under-test.js'
import { messageReceived, signed } from '../../packages/testing/src/adapter-suite/deliveries.js'
import { gate, harnessOf, REPLY } from '../../packages/testing/src/adapter-suite/harness.js'
import { serve } from '../../packages/testing/src/adapter-suite/serve.js'

/** A server that a test can take away: a private one, or a proxy in front of a shared one. */
export interface LosableServer {
  start(): Promise<unknown>
  /** Breaks its connections; new ones are refused. */
  stop(): Promise<void>
  /** Keeps its connections and answers nothing, until `resume`. */
  freeze(): void
  /** Where the client has several connections: lets those that are open die without a word, until `resume`. */
  silence?(): void
  resume(): void
}

export interface StoreAtRisk {
  readonly name: string
  /** Whether its client has several connections, and opens others in place of lost ones. */
  readonly isPooled: boolean
  readonly skip: boolean
  /** A server that is not started yet, and a store whose client looks for it, as it would in a service. */
  open(): Promise<{ readonly server: LosableServer; readonly store: DedupStore; close(): unknown }>
}

const STORE_TIMEOUT_MS = 300

/** How long a client may take to find its server again: it waits longer from attempt to attempt. */
const RECOVERY_MS = 10_000

const UNAVAILABLE = { status: 503, json: { received: false, error: 'store_unavailable' } }
const HANDLED = { status: 200, json: { handled: true } }
const DUPLICATE = { status: 200, json: { received: true, duplicate: true } }

const EXPRESS: AdapterUnderTest = {
  name: 'express',
  start: (options, handle) => {
    const receive = webhooks(options)
    const app = express().post('/webhooks', receive, async (req, res) => {
      const { status, body } = await handle(receive.delivery(req))
      res.status(status).json(body)
    })
    return serve(app)
  },
}

/**
 * Tests a receiver that loses the server of its store, in several ways. Unhandled rejections need no test of their own,
 * because vitest fails a run with one.
 */
export function outageSuite({ name, isPooled, skip, open }: StoreAtRisk): void {
  async function start({ onTestFinished }: TestContext, leaseMs = 15_000, handle?: Handler) {
    const { server, store, close } = await open()
    const startExpress = harnessOf(EXPRESS, onTestFinished)
    const harness = await startExpress({ store, leaseMs, storeTimeoutMs: STORE_TIMEOUT_MS }, handle)
    onTestFinished(async () => {
      server.resume()
      await close()
      await server.stop()
    })
    /** Delivers again and again until it is answered 200, as a provider does, only sooner. */
    async function retry(delivery: SignedDelivery) {
      for (const giveUpAt = Date.now() + RECOVERY_MS; ; await wait(20)) {
        const answer = await harness.send(delivery)
        if (answer.status === 200 || Date.now() > giveUpAt) return answer
      }
    }
    return { ...harness, server, retry }
  }

  /** The server is there, and a handler has a delivery and ends when `work` is opened. */
  async function startBusy(context: TestContext, leaseMs?: number) {
    const work = gate()
    const started = await start(context, leaseMs, async () => {
      await work.opened
      return REPLY
    })
    await started.server.start()
    const delivery = signed(messageReceived())
    const answer = started.retry(delivery)
    await started.entered(1)
    return { ...started, work, delivery, answer }
  }

  describe.skipIf(skip)(`${name}: losing its server`, { timeout: 3 * RECOVERY_MS, concurrent: true }, () => {
    it('answers 503 while it is down at start, and handles once it is up', async (context) => {
      const { expect } = context
      const { server, send, retry, runs } = await start(context)
      const delivery = signed(messageReceived())
      const answer = await send(delivery)
      expect(answer).toMatchObject(UNAVAILABLE)
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
      expect(runs).toHaveLength(0)
      await server.start()
      expect(await retry(delivery)).toMatchObject(HANDLED)
      expect(runs).toHaveLength(1)
    })

    it('handles nothing while it is gone, and recovers without a restart', async (context) => {
      const { expect } = context
      const { server, send, retry, runs } = await start(context)
      await server.start()
      await retry(signed(messageReceived()))
      await server.stop()
      const delivery = signed(messageReceived())
      for (let attempt = 0; attempt < 3; attempt++) expect(await send(delivery)).toMatchObject(UNAVAILABLE)
      expect(runs).toHaveLength(1)
      await server.start()
      expect(await retry(delivery)).toMatchObject(HANDLED)
      expect(runs).toHaveLength(2)
    })

    it("lets the handler's 2xx out when it goes down between claim and complete, and says so", async (context) => {
      const { expect } = context
      const { server, send, retry, work, answer, outcomes } = await startBusy(context)
      await server.stop()
      work.open()
      expect(await answer).toMatchObject(HANDLED)
      expect(outcomes.at(-1)).toMatchObject({ kind: 'handled', settled: false })
      expect(await send(signed(messageReceived()))).toMatchObject(UNAVAILABLE)
      await server.start()
      expect(await retry(signed(messageReceived()))).toMatchObject(HANDLED)
      expect(outcomes.at(-1)).toMatchObject({ kind: 'handled', settled: true })
    })

    it('answers in time when it is slow, and releases late claims', async (context) => {
      const { expect } = context
      const { server, send, retry, runs } = await start(context)
      await server.start()
      await retry(signed(messageReceived()))
      server.freeze()
      const delivery = signed(messageReceived())
      const sentAt = Date.now()
      expect(await send(delivery)).toMatchObject(UNAVAILABLE)
      // Far below every provider's deadline, the shortest of which is ten seconds.
      expect(Date.now() - sentAt).toBeLessThan(STORE_TIMEOUT_MS + 2000)
      expect(runs).toHaveLength(1)
      server.resume()
      // The lease is longer than the retries go on: only a claim that was given back can be handled.
      expect(await retry(delivery)).toMatchObject(HANDLED)
      expect(runs).toHaveLength(2)
    })

    it.runIf(isPooled)('goes on by other connections when those that are open die without a word', async (context) => {
      const { expect } = context
      const { server, retry, send, runs } = await start(context)
      await server.start()
      await Promise.all([retry(signed(messageReceived())), retry(signed(messageReceived()))])
      server.silence?.()
      await Promise.all([send(signed(messageReceived())), send(signed(messageReceived()))])
      expect(await retry(signed(messageReceived()))).toMatchObject(HANDLED)
      expect(runs.length).toBeGreaterThan(2)
    })

    it('marks an event late, but once, when it is slow to complete', async (context) => {
      const { expect } = context
      const { server, retry, work, delivery, answer, runs, outcomes } = await startBusy(context)
      server.freeze()
      work.open()
      expect(await answer).toMatchObject(HANDLED)
      expect(outcomes.at(-1)).toMatchObject({ kind: 'handled', settled: false })
      server.resume()
      expect(await retry(delivery)).toMatchObject(DUPLICATE)
      expect(runs).toHaveLength(1)
    })

    it('keeps a lease through an outage that is shorter', async (context) => {
      const { expect } = context
      const leaseMs = 1200
      const { server, send, work, delivery, answer, runs, outcomes } = await startBusy(context, leaseMs)
      // The extension at a third of the lease is given up during the outage; later ones have to make up for it.
      server.freeze()
      await wait(leaseMs * 0.7)
      server.resume()
      await wait(leaseMs * 1.5)
      expect(await send(delivery)).toMatchObject({ status: 503, json: { error: 'in_flight' } })
      expect(runs).toHaveLength(1)
      expect(runs[0]?.signal.aborted).toBe(false)
      work.open()
      expect(await answer).toMatchObject(HANDLED)
      expect(outcomes.at(-1)).toMatchObject({ kind: 'handled', settled: true })
    })
  })
}

import { createHash } from 'node:crypto'
import { type JobLike, pgBossHandOff } from '@mailbox-hooks/pg-boss'
import { expect } from 'vitest'
import { QUEUED, receiverOf } from '../../../test/queues/sender.js'

export const SEALING = { sealingKeys: [new Uint8Array(32).fill(7)] }

type Sent = [queue: string, data: unknown, settings: { id: string; db?: object }]

/** An instance that notes its jobs. It answers `send` and `getJobById` as it is told. */
export function notingBoss({ sent = 'an id', found = null }: { sent?: string | null; found?: object | null } = {}) {
  const jobs: Sent[] = []
  const asked: unknown[] = []
  return {
    jobs,
    asked,
    send: async (...job: Sent) => {
      jobs.push(job)
      return sent
    },
    getJobById: async (...question: unknown[]) => {
      asked.push(question)
      return found
    },
  }
}

/** The first 32 digits of the hash, as a UUID. */
export function idOf(deliveryId: string): string {
  const hash = createHash('sha256').update(deliveryId).digest('hex')
  return [hash.slice(0, 8), hash.slice(8, 12), hash.slice(12, 16), hash.slice(16, 20), hash.slice(20, 32)].join('-')
}

/** Jobs of these events, as pg-boss gives them to its worker. */
export async function jobsOf(names: readonly string[], more: Partial<JobLike> = {}): Promise<readonly JobLike[]> {
  const boss = notingBoss()
  const send = receiverOf(pgBossHandOff(boss, 'deliveries', SEALING))
  for (const name of names) expect(await send(name)).toBe(QUEUED)
  return boss.jobs.map(([queue, data], index) => ({ id: `job_${names[index]}`, name: queue, data, ...more }))
}

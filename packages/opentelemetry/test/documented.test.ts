import { readFileSync } from 'node:fs'
import type { Outcome } from '@mailbox-hooks/core'
import { expect, it } from 'vitest'
import { exporters } from './traced.js'

const text = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8')
const [, section = ''] = text.split('## Spans, metrics and attributes')
/** The first two cells of each row of the table with this heading. */
const rowsOf = (heading: string) => {
  const table = section.split(/\n\n/).find((part) => part.startsWith(`| ${heading} `)) ?? ''
  return [...table.matchAll(/^\| `([^`]+)` +\| ([^|]+?) +\|(?: `?([^`|]+?)`? +\|)?/gm)].map(([, ...cells]) => cells)
}

/** Everything that an outcome may say. */
const everything: Omit<Outcome, 'kind' | 'status'> = {
  provider: 'openmail',
  account: 'eu',
  id: 'openmail:evt_1',
  type: 'unknown',
  name: 'test',
  trust: 'body',
  reading: 'body/hex',
  settled: true,
  ageMs: 1,
  durationMs: 1,
}

it('the tables name every span, metric and attribute, and no other', async () => {
  const { observer, spans, metrics } = exporters()
  const delivery = observer.begin()
  for (const step of ['verify', 'claim', 'handler', 'hand-off'] as const) delivery.enter(step)
  delivery.leave()
  delivery.end({ ...everything, kind: 'failed', status: 500 })
  const run = observer.begin({})
  for (const step of ['claim', 'handler'] as const) run.enter(step)
  run.leave()
  run.end({ ...everything, kind: 'dead', status: 0, jobId: '1', attempt: 1, queuedMs: 1 })

  const names = spans().map(({ name }) => name.replace('openmail', '<provider>'))
  expect(
    rowsOf('span')
      .map(([name]) => name!)
      .sort(),
  ).toEqual([...new Set(names)].sort())

  const found = await metrics()
  expect(
    rowsOf('metric')
      .map(([name]) => name!)
      .sort(),
  ).toEqual(Object.keys(found).sort())

  const onSpans = new Set(spans().flatMap(({ attributes }) => Object.keys(attributes)))
  const onMetrics = new Set(
    Object.values(found).flatMap((points) => points.flatMap(({ attributes }) => Object.keys(attributes))),
  )
  const where = (name: string) => (onMetrics.has(name) ? 'spans and metrics' : 'spans')
  const emitted = [...new Set([...onSpans, ...onMetrics])].sort().map((name) => [name, where(name)])
  expect(
    rowsOf('attribute')
      .map(([name, on]) => [name, on])
      .sort(),
  ).toEqual(emitted)
})

import { expect, it } from 'vitest'
import { findPostgres } from '../../../test/servers/services.ts'
import { run } from '../../run-example.ts'

const { url, isAbsent } = await findPostgres()

it.skipIf(isAbsent)(
  'pg-boss-workers does each event once, though a worker is killed in the middle of one',
  { timeout: 60_000 },
  async () => {
    const { status, output } = await run('pg-boss-workers', { POSTGRES_URL: url })
    expect(output).toContain('51 jobs are in the queue.')
    expect(output).toContain('was killed by kill -9')
    expect(output).toMatch(/Workers 2 and 3 did 51 jobs of 51 events/)
    expect(status, output).toBe(0)
  },
)

import PgBoss10 from 'pg-boss'

interface Version {
  readonly version: number
  /** Whether this Node can run it. */
  readonly isRunnable: boolean
  create(options: { connectionString: string; schema: string }): Promise<PgBoss10>
}

const nodeMajor = Number(process.versions.node.split('.')[0])

export const VERSIONS: readonly Version[] = [
  { version: 10, isRunnable: true, create: async (options) => quiet(new PgBoss10(options)) },
  {
    version: 11,
    isRunnable: nodeMajor >= 22,
    create: async (options) => {
      const { default: PgBoss11 } = await import('pg-boss-11')
      return quiet(new PgBoss11(options) as unknown as PgBoss10)
    },
  },
  {
    version: 12,
    isRunnable: nodeMajor >= 22,
    create: async (options) => {
      const { PgBoss } = await import('pg-boss-12')
      // Another class with other types; the methods that are called are the same.
      return quiet(new PgBoss(options) as unknown as PgBoss10)
    },
  },
]

/** As an application would log it. */
const quiet = (boss: PgBoss10) => boss.on('error', () => {})

import { it, onTestFinished } from 'vitest'
import { PrivateSchema } from '../../../test/servers/private-schema.ts'
import { findPostgres } from '../../../test/servers/services.ts'
import { sharesEvents } from '../../quickstart-tests.ts'

const postgres = await findPostgres()

it.skipIf(postgres.isAbsent)(
  'koa-postgres handles an event in one of its processes, and a later one knows',
  async () => {
    const schema = await PrivateSchema.create(postgres.url)
    onTestFinished(() => schema.drop())
    await sharesEvents('koa-postgres', { POSTGRES_URL: schema.url })
  },
)

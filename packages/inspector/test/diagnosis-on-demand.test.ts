import { memoryJournal } from '@mailbox-hooks/core'
import { expect, it, vi } from 'vitest'
import { fromOpenMail, setUp } from './set-up.js'

it('diagnoses a refusal when somebody opens it, not when it comes or is listed', async () => {
  const journal = memoryJournal()
  const diagnose = vi.spyOn(journal, 'diagnose')
  const { send, client } = await setUp({ journal })
  expect(await send({ ...fromOpenMail('evt_1'), body: '{}' })).toBe(401)
  const [{ key } = { key: '' }] = await client.rows()
  await client.overview()
  expect(diagnose).not.toHaveBeenCalled()
  expect((await client.detail(key)).diagnosis).toBeDefined()
  expect(diagnose).toHaveBeenCalledTimes(1)
})

import { openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/fetch'
import { expect, it } from 'vitest'

it('gives onOutcome the Request', async () => {
  const requests: Request[] = []
  const route = webhooks({
    providers: [openMail({ secrets: ['a-secret-of-16-bytes'] })],
    onOutcome: (_outcome, request: Request) => requests.push(request),
  })(async () => {})
  const request = new Request('http://localhost/webhooks')
  await route(request)
  expect(requests).toEqual([request])
})

import { coldMailReseller, inboxKit, openMail } from '@mailbox-hooks/core'
import { expect, it } from 'vitest'
import { titled } from '../../packages/testing/src/titled.js'
import { readDocument } from './code-blocks.js'

const secrets = ['a-key-of-thirty-two-characters-00']

it.each(
  titled(
    [
      { title: 'OpenMail', provider: openMail({ secrets }) },
      { title: 'Cold Mail Reseller', provider: coldMailReseller({ secrets }) },
      { title: 'InboxKit', provider: inboxKit({ secrets }) },
    ],
    'title',
  ),
)('docs/providers.md gives the times by which %s is handled', ({ title, provider }) => {
  const row = readDocument('docs/providers.md').match(
    new RegExp(`^\\| ${title} +\\|.*attempts?.*|^\\| ${title} .* s +\\|$`, 'm'),
  )
  const { maxHandlerMs, spanMs } = provider.retries
  expect(row?.[0]).toMatch(new RegExp(`\\| ${maxHandlerMs / 1000} s +\\| ${spanMs / 1000} s +\\|$`))
})

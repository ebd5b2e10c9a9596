import { describeProvider, PLAYED } from '@mailbox-hooks/core/play'
import { expect, it } from 'vitest'
import { titled } from '../../packages/testing/src/titled.js'
import { readDocument } from './code-blocks.js'

it.each(titled([...PLAYED.map(({ title, create }) => ({ title, provider: describeProvider(create) }))], 'title'))(
  'docs/providers.md gives the times by which %s is handled',
  ({ title, provider }) => {
    const row = readDocument('docs/providers.md').match(
      new RegExp(`^\\| ${title} +\\|.*attempts?.*|^\\| ${title} .* s +\\|$`, 'm'),
    )
    const { maxHandlerMs, spanMs } = provider.retries
    expect(row?.[0]).toMatch(new RegExp(`\\| ${maxHandlerMs / 1000} s +\\| ${spanMs / 1000} s +\\|$`))
  },
)

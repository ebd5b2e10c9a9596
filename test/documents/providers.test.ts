import { describeProvider, PLAYED } from '@mailbox-hooks/core/play'
import { describe, expect, it } from 'vitest'
import { titled } from '../../packages/testing/src/titled.js'
import { readDocument } from './code-blocks.js'

const providers = titled(
  PLAYED.map((played) => ({ ...played, provider: describeProvider(played.create) })),
  'title',
)

/** The page of each provider. */
const pageOf = (title: string) => readDocument(`docs/providers/${title.toLowerCase().replaceAll(' ', '-')}.md`)

const inUnit = (ms: number) => (ms < 3_600_000 ? `${ms / 1000} s` : `${ms / 3_600_000} h`)

describe.each(providers)('what is documented of %s', ({ title, provider, samples, sender }) => {
  it('has the times by which it is handled', () => {
    const row = readDocument('docs/providers.md').match(
      new RegExp(`^\\| ${title} +\\|.*attempts?.*|^\\| ${title} .* (?:s|h) +\\|$`, 'm'),
    )
    const { maxHandlerMs, spanMs } = provider.retries
    expect(row?.[0]).toMatch(new RegExp(`\\| ${inUnit(maxHandlerMs)} +\\| ${inUnit(spanMs)} +\\|$`))
  })

  it('lists each of its events, and no others', () => {
    const [, list] = /^## Events\n(.*?)^## /ms.exec(pageOf(title))!
    const listed = [...list!.matchAll(/^\|.*$/gm)].flatMap(([row]) => [...row.matchAll(/`([\w.]+\.[\w.]+)`/g)])
    expect(listed.map(([, type]) => type).sort()).toEqual(Object.keys(samples).sort())
  })

  it('names the header of its signature', () => {
    expect(pageOf(title).toLowerCase()).toContain(
      `\`${(sender.signing?.signatureHeader ?? 'svix-signature').toLowerCase()}\`:`,
    )
  })
})

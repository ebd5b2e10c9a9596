import type { Journal } from '@mailbox-hooks/core'
import type { Overview } from '../api.js'
import type { ProviderBook } from './provider-book.js'

const HOUR_MS = 3_600_000

export interface OverviewParts {
  readonly journal: Journal
  readonly providers: ProviderBook
  readonly target: () => Promise<string | undefined>
  /** What is answered in the application's place, where that can be done. */
  readonly answerInstead: { readonly mode: NonNullable<Overview['answer']> } | undefined
}

/** Sums up a journal: when each provider was last heard of, and what was refused in the last hour. */
export async function readOverview({ journal, providers, target, answerInstead }: OverviewParts): Promise<Overview> {
  const now = Date.now()
  const [{ providers: counted }, refusals] = await Promise.all([journal.stats(), journal.refusals({ limit: 1_000 })])
  const silent = providers
    .own()
    .filter(({ name, account }) => !counted.some((each) => each.provider === name && each.account === account))
  const counts = new Map<string, number>()
  for (const { code, at } of refusals) {
    if (at.getTime() > now - HOUR_MS) counts.set(code, (counts.get(code) ?? 0) + 1)
  }
  const address = await target()
  const names = new Set([...providers.own().map(({ name }) => name), ...counted.map(({ provider }) => provider)])
  return {
    now,
    providers: [
      ...counted.map(({ provider, account, lastReceivedAt, states }) => ({
        name: provider,
        title: providers.titleOf(provider),
        ...(account !== undefined && { account }),
        lastReceivedAt: lastReceivedAt.getTime(),
        states,
      })),
      ...silent.map(({ name, title, account }) => ({
        name,
        title,
        ...(account !== undefined && { account }),
        states: {},
      })),
    ],
    refusals: [...counts].map(([code, count]) => ({ code, count })).sort((one, other) => other.count - one.count),
    ...(address !== undefined && { target: address }),
    listens: answerInstead !== undefined,
    ...(answerInstead !== undefined && { answer: answerInstead.mode }),
    types: [...new Set([...names].flatMap((name) => providers.find(name)?.provider.types ?? []))].sort(),
  }
}

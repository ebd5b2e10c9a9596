import type { Provider } from '@mailbox-hooks/core'
import { COPIES, type Scenario } from '@mailbox-hooks/core/play'
import { JSON_WRITINGS } from './json-writings.js'
import type { Play } from './play.js'

/** A scenario that every provider has. It does more than those of the providers themselves. */
export interface CommonScenario {
  readonly name: string
  readonly description: string
  readonly play: (play: Play) => Promise<void>
}

/** Plays a forgery, which must be refused and must not make the genuine delivery of the same event a duplicate. */
export function forgery(provider: string, eventName: string, staleMs?: number): CommonScenario {
  return {
    name: `${provider}-forgery`,
    description: `a forged delivery${staleMs === undefined ? '' : ' and an old one'}, then the genuine one`,
    async play(play) {
      const event = play.event(eventName)
      await play.forge(event)
      if (staleMs !== undefined) await play.sendStale(event, staleMs)
      await play.send(event)
      await play.sendAgain(event)
    },
  }
}

/** Plays JSON in other forms. A receiver that verifies re-serialised JSON accepts only a sender that writes alike. */
export function bytes(provider: string, eventName: string): CommonScenario {
  return {
    name: `${provider}-bytes`,
    description: 'an event, and two whose JSON is written differently',
    async play(play) {
      await play.send(play.event(eventName))
      for (const { label, write } of JSON_WRITINGS) {
        const event = play.event(eventName, {}, label)
        await play.send({ ...event, body: write(event.payload) })
      }
    },
  }
}

/** Plays each event of a provider of which nothing else is known: once, again, and several times in parallel. */
export function ownScenarios(provider: Provider): readonly Scenario[] {
  return [
    {
      name: `${provider.name}-events`,
      description: 'each of its events, once more, and several times in parallel',
      async play(stage) {
        for (const type of provider.types) {
          const [first, second] = [stage.event(type, {}, 'once'), stage.event(type, {}, 'in parallel')]
          await stage.send(first)
          await stage.sendAgain(first)
          await stage.sendAtOnce(second, COPIES)
          await stage.sendAgain(second)
        }
      },
    },
  ]
}

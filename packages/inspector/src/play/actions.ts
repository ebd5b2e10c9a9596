import { anotherEvent } from '@mailbox-hooks/testing'
import type { Detail, DoRequest } from '../api.js'
import type { Delivered } from '../data/detail.js'
import { payloadOf } from '../data/payload-of.js'
import type { Played } from './post.js'
import { asItCame, sign, signingSecret } from './sign.js'

export type ActionName = Exclude<DoRequest['what'], 'send' | 'answer'>

/** What an action sends: one after the other, or all at once. */
export interface Plan {
  readonly isParallel: boolean
  readonly requests: readonly Played[]
}

const NAMES: readonly ActionName[] = ['replay', 'resign', 'tamper', 'stale', 'twice', 'reorder']

/** Lists what can be done with a delivery, and why the rest cannot. */
export const listActions = (delivered: Delivered, target: string | undefined): Detail['actions'] =>
  NAMES.map((name) => {
    const disabledBecause = obstacle(name, delivered, target)
    return { name, ...(disabledBecause !== undefined && { disabledBecause }) }
  })

export const isAction = (name: unknown): name is ActionName => NAMES.includes(name as ActionName)

/** Says why an action cannot be done. Undefined if it can. */
export function obstacle(name: ActionName, delivered: Delivered, target: string | undefined): string | undefined {
  const { shown } = delivered
  if (target === undefined) return 'The receiver is not known yet. Name its address, or send it a delivery.'
  if (bodyOf(delivered) === undefined) return 'Its body was not kept.'
  if (name === 'replay') return undefined
  if (shown === undefined) return 'No provider has such headers, so nobody knows how to sign it.'
  if (signingSecret(shown) === undefined)
    return `There is no secret to sign with: set ${shown.variable} in the environment.`
  if (name === 'stale' && shown.provider.windowMs === 0) return `${shown.title} sends no time, so nothing is too old.`
  if (name === 'reorder' && payloadIn(delivered) === undefined) return 'Its body is no event of its provider.'
  return undefined
}

const MINUTE_MS = 60_000

/** Makes the requests of an action that has no obstacle. */
export function planOf(name: ActionName, delivered: Delivered): Plan {
  const { body, arrival } = bodyOf(delivered)!
  if (name === 'replay') return inTurn(asItCame(arrival, body, 'as it came'))
  const shown = delivered.shown!
  const now = Date.now()
  const secret = signingSecret(shown, arrival.secret)!
  const signed = (label: string, content: Uint8Array | string, at = now) =>
    sign({ label, shown, type: typeOf(delivered), body: content, at, secret, reading: arrival.reading })
  const payload = payloadIn(delivered)
  const another = (at: number) =>
    payload === undefined ? body : JSON.stringify(anotherEvent(shown.playable, payload, { at }))

  if (name === 'resign') return inTurn(signed('signed now', body))
  if (name === 'tamper') return inTurn(tampered(signed('changed after it was signed', body)))
  if (name === 'stale') return inTurn(signed('signed too long ago', body, now - shown.provider.windowMs - MINUTE_MS))
  if (name === 'twice') {
    const first = signed('a new event', another(now))
    return { isParallel: true, requests: [first, { ...first, label: 'the same at the same time' }] }
  }
  return inTurn(
    signed('a new event', another(now)),
    signed('an event from a minute before, which arrives after it', another(now - MINUTE_MS)),
  )
}

const inTurn = (...requests: readonly Played[]): Plan => ({ isParallel: false, requests })

/** The newest bytes, with the arrival that had them. */
export function bodyOf({ arrivals }: Delivered) {
  const arrival = arrivals.findLast(({ body }) => body !== undefined)
  return arrival?.body && { arrival, body: arrival.body }
}

export function typeOf(delivered: Delivered): string {
  const { entry, shown } = delivered
  if (entry !== undefined) return entry.name ?? entry.type
  const payload = payloadIn(delivered)
  const described = payload && shown?.provider.describe(payload, { header: () => undefined })
  return typeof described?.type === 'string' ? described.type : 'unknown'
}

function payloadIn(delivered: Delivered) {
  const { shown } = delivered
  const found = bodyOf(delivered)
  return shown === undefined || found === undefined ? undefined : payloadOf(found.body, shown.provider)
}

/** Changes the last letter or digit, so that JSON stays JSON. */
function tampered(played: Played): Played {
  const body = Buffer.from(played.body)
  const at = body.findLastIndex((byte) => /[a-z\d]/i.test(String.fromCharCode(byte)))
  if (at === -1) return { ...played, body: Buffer.concat([body, Buffer.from(' ')]) }
  body[at] = body[at] === 0x31 ? 0x32 : 0x31
  return { ...played, body }
}

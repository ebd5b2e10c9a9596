import type { DoRequest, DoResult } from '../api.js'
import { type DetailParts, readDelivered } from '../data/detail.js'
import type { ProviderBook } from '../data/provider-book.js'
import { readKey } from '../data/row.js'
import { Refusal } from '../server/reply.js'
import { isAction, obstacle, type Plan, planOf } from './actions.js'
import { asNewEvent, samplePayload } from './catalog.js'
import { post } from './post.js'
import { sign, signingSecret } from './sign.js'
import { resolveTarget, type Targets } from './target.js'

/** Stands in front of an application, and answers in its place. */
export interface AnswerInstead {
  mode: NonNullable<DoRequest['answer']>
}

export interface DoParts extends Pick<DetailParts, 'journal'> {
  readonly providers: ProviderBook
  readonly targets: Targets
  readonly answerInstead: AnswerInstead | undefined
}

const ANSWERS: readonly unknown[] = ['application', '500', 'late', 'never']

/** Does what the page asks for, and resolves to the answers of the receiver. */
export async function perform(asked: unknown, parts: DoParts): Promise<DoResult> {
  const request = Object(asked) as Partial<DoRequest>
  if (request.what === 'answer') return setAnswer(request, parts)
  const plan = request.what === 'send' ? planSample(request, parts) : await planAction(request, parts)
  const address = request.target ?? (await parts.targets.current())
  if (typeof address !== 'string')
    throw new Refusal(409, 'The receiver is not known yet. Name its address as the target.')
  const target = await resolveTarget(address)
  if (plan.isParallel) return { results: await Promise.all(plan.requests.map((each) => post(target, each))) }
  const results: DoResult['results'][number][] = []
  for (const each of plan.requests) results.push(await post(target, each))
  return { results }
}

async function planAction({ what, key, target }: Partial<DoRequest>, parts: DoParts): Promise<Plan> {
  if (!isAction(what)) throw new Refusal(400, 'There is no such action.')
  const known = readKey(key)
  const delivered = known && (await readDelivered(known, parts))
  if (delivered === undefined) throw new Refusal(404, 'The delivery is no longer in the journal.')
  const reason = obstacle(what, delivered, target ?? (await parts.targets.current()))
  if (reason !== undefined) throw new Refusal(409, reason)
  return planOf(what, delivered)
}

function planSample({ provider, type, payload }: Partial<DoRequest>, { providers }: DoParts): Plan {
  const shown = typeof provider === 'string' ? providers.all().find(({ name }) => name === provider) : undefined
  if (shown === undefined) throw new Refusal(400, 'There is no such provider.')
  if (typeof type !== 'string') throw new Refusal(400, 'Name the type of the event.')
  const given = payload ?? samplePayload(shown, type)
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new Refusal(400, 'The payload must be a JSON object.')
  }
  const secret = signingSecret(shown)
  if (secret === undefined) {
    throw new Refusal(409, `There is no secret to sign with: set ${shown.variable} in the environment.`)
  }
  const body = JSON.stringify(asNewEvent(shown, type, given as Record<string, unknown>))
  return { isParallel: false, requests: [sign({ label: type, shown, type, body, at: Date.now(), secret })] }
}

function setAnswer({ answer }: Partial<DoRequest>, { answerInstead }: DoParts): DoResult {
  if (answerInstead === undefined)
    throw new Refusal(409, 'Only mailbox-hooks listen can answer in the place of an application.')
  if (!ANSWERS.includes(answer)) throw new Refusal(400, 'answer must be application, 500, late or never.')
  // It is one of them.
  answerInstead.mode = answer!
  return { results: [] }
}

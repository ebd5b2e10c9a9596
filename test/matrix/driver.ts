import { createHmac, randomUUID } from 'node:crypto'
import { SECRET } from './secret.js'

// Plays OpenMail by its documents alone: it uses nothing of the packages under test.

/** The default limit of the receiver. */
const LIMIT_BYTES = 5_000_000

/** How long an answer may take. */
const ANSWER_MS = 20_000

interface Delivery {
  readonly headers: Record<string, string>
  readonly body: string
}

/** The status and the body of an answer. `runs` is how often the handler has run for the event. */
interface Answer {
  readonly status: number
  readonly runs?: number
  readonly duplicate?: boolean
  readonly error?: string
}

type Deliver = (delivery: Delivery) => Promise<Answer>

/** Signs a mail. Its subject tells the handler of the matrix what to do. */
function mail(subject: string, text = 'Hello'): Delivery {
  const message = { id: 'msg_1', from: 'Ada <ada@example.com>', subject, body_text: text, attachments: [] }
  const event = { event: 'message.received', event_id: `evt_${randomUUID()}`, inbox_id: 'inb_1', thread_id: 'thr_1' }
  const body = JSON.stringify({ ...event, message })
  const timestamp = String(Math.floor(Date.now() / 1000))
  const signature = createHmac('sha256', SECRET).update(`${timestamp}.${body}`).digest('hex')
  return { headers: { 'content-type': 'application/json', 'x-timestamp': timestamp, 'x-signature': signature }, body }
}

/** Returns what is wrong with the answers, or undefined. */
type Check = (deliver: Deliver) => Promise<string | undefined>

const CHECKS: Readonly<Record<string, Check>> = {
  'handled once': async (deliver) => {
    const answer = await deliver(mail('at once'))
    return expectAnswer(answer, isHandled(answer, 1))
  },

  duplicate: async (deliver) => {
    const delivery = mail('at once')
    await deliver(delivery)
    const answer = await deliver(delivery)
    return expectAnswer(answer, isDuplicate(answer))
  },

  tampered: async (deliver) => {
    const delivery = mail('at once')
    const refused = await deliver({ ...delivery, body: delivery.body.replace('Hello', 'Hullo') })
    const genuine = await deliver(delivery)
    return (
      expectAnswer(refused, refused.status === 401 && refused.error === 'signature_invalid') ??
      expectAnswer(genuine, isHandled(genuine, 1))
    )
  },

  'over the limit': async (deliver) => {
    const answer = await deliver(mail('at once', 'x'.repeat(LIMIT_BYTES)))
    return expectAnswer(answer, answer.status === 413 && answer.error === 'body_too_large')
  },

  'failing and retried': async (deliver) => {
    const delivery = mail('fail once')
    const failed = await deliver(delivery)
    const retried = await deliver(delivery)
    return expectAnswer(failed, failed.status >= 500) ?? expectAnswer(retried, isHandled(retried, 2))
  },

  '8 in parallel': async (deliver) => {
    const delivery = mail('slowly')
    const answers = await Promise.all(Array.from({ length: 8 }, () => deliver(delivery)))
    const others = answers.filter((answer) => !isHandled(answer, 1))
    if (others.length !== 7) return `handled ${8 - others.length} times`
    for (const answer of others) {
      const isRefused = answer.status === 503 && answer.error === 'in_flight'
      const problem = expectAnswer(answer, isRefused || isDuplicate(answer))
      if (problem !== undefined) return problem
    }
    const later = await deliver(delivery)
    return expectAnswer(later, isDuplicate(later))
  },
}

const isHandled = ({ status, runs }: Answer, expected: number) => status === 200 && runs === expected
const isDuplicate = ({ status, duplicate }: Answer) => status === 200 && duplicate === true

const expectAnswer = (answer: Answer, isRight: boolean) =>
  isRight ? undefined : `an answer was ${JSON.stringify(answer)}`

export interface CheckResult {
  readonly check: string
  /** Says what is wrong; undefined if the check has passed. */
  readonly problem: string | undefined
}

/** Runs all checks against an address where an application of the matrix listens. */
export async function runChecks(url: string): Promise<CheckResult[]> {
  const results: CheckResult[] = []
  for (const [check, run] of Object.entries(CHECKS)) {
    const problem = await run((delivery) => deliver(url, delivery)).catch((error) => String(error.cause ?? error))
    results.push({ check, problem })
  }
  return results
}

async function deliver(url: string, { headers, body }: Delivery): Promise<Answer> {
  const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(ANSWER_MS) })
  const text = await response.text()
  return { ...objectOf(text), status: response.status }
}

/** Returns the object in a text. The answer to a failure may be any text. */
function objectOf(text: string): object {
  try {
    return JSON.parse(text)
  } catch {
    return { text: text.slice(0, 200) }
  }
}

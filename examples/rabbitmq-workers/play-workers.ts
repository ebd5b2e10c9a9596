import { type ChildProcess, fork } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { sample } from '@mailbox-hooks/testing'

export const SECRET = 'cold-mail-reseller-key'
const EVENTS = 51
const DELIVERIES = 200

/** What a worker says of a job. */
interface Said {
  readonly did: 'begin' | 'end'
  readonly id: string
}

interface Play {
  /** The address of the receiver. */
  readonly url: string
  /** The file that a worker process runs. */
  readonly worker: URL
  readonly environment: Record<string, string>
  /** How many jobs there are in the queue. */
  countJobs(): Promise<number>
}

/** Plays a provider, lets workers come and die, and prints what became of the deliveries. True when all is as promised. */
export async function playWorkers({ url, worker, environment, countJobs }: Play): Promise<boolean> {
  const ended: string[] = []
  const begin = (workMs: number) => startWorker(worker, { ...environment, WORK_MS: String(workMs) }, ended)

  console.log(`${DELIVERIES} deliveries of ${EVENTS - 1} events at once, and no worker runs:`)
  for (const [answer, count] of await deliverAtOnce(url)) console.log(`  ${String(count).padStart(3)} × ${answer}`)
  const sentAt = performance.now()
  const answer = await send(url, `evt_${EVENTS}`)
  console.log(`One more, alone, after ${(performance.now() - sentAt).toFixed(1)} ms:`)
  console.log(`    1 × ${answer}`)
  const jobs = await countJobs()
  console.log(`${jobs} jobs are in the queue.`)

  const dying = begin(60_000)
  const [{ id: orphan }] = (await once(dying, 'message')) as [Said]
  dying.kill('SIGKILL')
  await once(dying, 'exit')
  console.log(`Worker 1 began ${orphan} and was killed by kill -9.`)

  const startedAt = performance.now()
  const workers = [begin(10), begin(10)]
  await Promise.race([until(() => ended.length >= EVENTS && ended.includes(orphan)), failOf(workers)])
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  const isEachOnce = new Set(ended).size === EVENTS && ended.length === EVENTS
  console.log(
    `Workers 2 and 3 did ${ended.length} jobs of ${new Set(ended).size} events in ${seconds} s, ${orphan} too.`,
  )
  await Promise.all(workers.map(stop))

  const isAsPromised = jobs === EVENTS && isEachOnce
  console.log(isAsPromised ? 'All as promised: each event was done once.' : 'This is not what was promised.')
  return isAsPromised
}

/** Each event several times at once, as no provider does on purpose and each does now and then. */
async function deliverAtOnce(url: string): Promise<Map<string, number>> {
  const answers = new Map<string, number>()
  const sending = Array.from({ length: DELIVERIES }, async (_, index) => {
    const answer = await send(url, `evt_${1 + (index % (EVENTS - 1))}`)
    answers.set(answer, (answers.get(answer) ?? 0) + 1)
  })
  await Promise.all(sending)
  return answers
}

async function send(url: string, eventId: string): Promise<string> {
  const answer = await fetch(url, { method: 'POST', ...mailboxCreated(eventId) })
  return `${answer.status} ${await answer.text()}`
}

/** A new mailbox with its password, as Cold Mail Reseller sends it. */
function mailboxCreated(eventId: string) {
  const body = JSON.stringify(sample.coldMailReseller['mailbox.created']({ eventId }))
  const timestamp = String(Math.floor(Date.now() / 1000))
  const signature = createHmac('sha256', SECRET).update(body).digest('hex')
  return { headers: { 'cmr-x-timestamp': timestamp, 'cmr-x-signature': signature }, body }
}

function startWorker(file: URL, environment: Record<string, string>, ended: string[]): ChildProcess {
  const worker = fork(file, { env: { ...process.env, ...environment } })
  worker.on('message', ({ did, id }: Said) => {
    if (did === 'end') ended.push(id)
  })
  return worker
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** A worker that ends by itself will never finish its jobs. */
async function failOf(workers: readonly ChildProcess[]): Promise<never> {
  const [code] = await Promise.race(workers.map((worker) => once(worker, 'exit')))
  throw new Error(`A worker ended with ${code}`)
}

async function stop(worker: ChildProcess): Promise<void> {
  worker.removeAllListeners('exit')
  worker.kill()
  await once(worker, 'exit')
}

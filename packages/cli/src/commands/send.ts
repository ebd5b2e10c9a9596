import { printableJson } from '@mailbox-hooks/core/queue'
import { anotherEvent } from '@mailbox-hooks/testing'
import { Command, Option } from 'commander'
import { readProvider } from '../catalog/own-provider.js'
import { type CatalogEvent, findEvent, type Payload, PROVIDERS } from '../catalog/providers.js'
import { EXIT, Failure } from '../failure.js'
import { readBytes } from '../input/read-bytes.js'
import type { Channel, Output } from '../output/output.js'
import { shorten } from '../output/printable.js'
import { deliver } from '../request/deliver.js'
import { type Exchange, post } from '../request/post.js'
import { setField } from '../request/set-field.js'
import { checkTarget } from '../request/target.js'
import { requireSigningSecret, secretOf } from '../secrets.js'
import {
  allowRemoteOption,
  collect,
  jsonOption,
  positiveInteger,
  providerOption,
  secretOption,
  toOption,
} from './options.js'

interface SendOptions {
  readonly to: string
  readonly secret?: string
  readonly set?: readonly string[]
  readonly body?: string
  readonly times: number
  readonly stale?: true
  readonly tamper?: true
  readonly provider?: string
  readonly reading?: string
  readonly encoding?: 'hex' | 'base64'
  readonly allowRemote?: true
  readonly json?: true
}

/** `send`: sends one signed delivery. */
export function sendCommand(output: Output, finish: (exitCode: number) => void): Command {
  return new Command('send')
    .description('Send a signed delivery, a new event each time, and print the answer.')
    .argument('<event>', 'the event; the provider follows from it')
    .addOption(toOption())
    .addOption(providerOption())
    .addOption(secretOption())
    .option('--set <path=value>', 'set a field of the sample; may be given several times', collect)
    .option('--body <file>', 'send the bytes of this file instead of a sample; - reads stdin')
    .option('--times <n>', 'send the same event so many times', positiveInteger, 1)
    .option('--stale', "make it older than the provider's window")
    .option('--tamper', 'change the body after it was signed')
    .addOption(new Option('--reading <reading>', 'what to sign: body, timestamp.body, token, or a reading of your own'))
    .addOption(new Option('--encoding <encoding>', 'how to write the signature').choices(['hex', 'base64']))
    .addOption(allowRemoteOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(async (name: string, options: SendOptions) =>
      finish(await send(await eventOf(name, options), options, output)),
    )
}

const HELP = `
It exits with 0 when each delivery was answered with 2xx, with 1 when one was not, with 3 when there was no answer.

Examples:
  $ mailbox-hooks send mailbox.created --to http://localhost:3000/webhooks
  $ mailbox-hooks send mailbox.created --to http://localhost:3000/webhooks --set data.price=3 --times 2
  $ mailbox-hooks send message.received --to http://localhost:3000/webhooks --tamper`

/** Returns the event. Of several providers that have it, one whose secret is known is meant. */
async function eventOf(name: string, { provider, secret }: SendOptions): Promise<CatalogEvent> {
  if (provider !== undefined) return findEvent(name, [await readProvider(provider)])
  const known = PROVIDERS.filter((each) => name in each.samples && secretOf(each, secret) !== undefined)
  return findEvent(name, known.length > 0 ? known : PROVIDERS)
}

async function send(event: CatalogEvent, options: SendOptions, { stdout, stderr }: Output): Promise<number> {
  const { provider } = event
  const url = checkTarget(options.to, options.allowRemote === true)
  const secret = requireSigningSecret(provider, options.secret)
  const content = await contentOf(event, options)
  if (options.tamper && provider.name === 'inboxkit' && options.reading !== 'body') stderr.line(TAMPERED_INBOXKIT)

  const exchanges: Exchange[] = []
  for (let number = 1; number <= options.times; number++) {
    const delivery = deliver(provider.playable, event.name, {
      ...content,
      secret,
      at: Date.now() - (options.stale ? STALE_MS : 0),
      reading: options.reading,
      encoding: options.encoding,
      attempt: number,
    })
    const sent = options.tamper ? { ...delivery, body: tamper(delivery.body) } : delivery
    const exchange = await post(url, sent, { secret, timeoutMs: TIMEOUT_MS })
    exchanges.push(exchange)
    if (!options.json) printExchange(event, exchange, stdout)
  }
  if (options.json)
    stdout.line(
      printableJson(
        exchanges.map((exchange) => jsonOf(event, exchange)),
        2,
      ),
    )
  return exitCodeOf(exchanges)
}

/** Older than any window, including InboxKit's day. */
const STALE_MS = 2 * 24 * 3600_000

/** The longest time-out of any provider. */
const TIMEOUT_MS = 60_000

const TAMPERED_INBOXKIT =
  "note: InboxKit's signature covers no body, so that no receiver can notice the change. --reading body signs it."

/** Returns the body: the bytes of a file, or a sample as a new event. */
async function contentOf(
  event: CatalogEvent,
  options: SendOptions,
): Promise<{ body: Uint8Array } | { payload: Payload }> {
  if (options.body === undefined) {
    const sample: Payload = event.provider.samples[event.name]?.() ?? {}
    return { payload: (options.set ?? []).reduce(setField, anotherEvent(event.provider.playable, sample)) }
  }
  if (options.set !== undefined) throw new Failure('--set changes the sample, which --body replaces: give one of them.')
  return { body: await readBytes(options.body) }
}

/** Adds a trailing space: the same JSON, but other bytes. */
function tamper(body: string | Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(body), Buffer.from(' ')])
}

function printExchange(
  event: CatalogEvent,
  { answer, failure, startedAtMs, endedAtMs }: Exchange,
  stdout: Channel,
): void {
  const time = stdout.style('dim', `${Math.round(endedAtMs - startedAtMs)} ms`)
  const status =
    answer === undefined
      ? stdout.style('red', failure ?? '')
      : stdout.style(colorOf(answer.status), String(answer.status))
  stdout.line([stdout.style('bold', event.name), status, time, shorten(answer?.body ?? '', 200)].join('  ').trimEnd())
}

const colorOf = (status: number) => (status < 300 ? 'green' : status < 500 ? 'red' : 'yellow')

const jsonOf = ({ provider, name }: CatalogEvent, { answer, failure, startedAtMs, endedAtMs }: Exchange) => ({
  provider: provider.name,
  event: name,
  status: answer?.status ?? null,
  durationMs: Math.round(endedAtMs - startedAtMs),
  answer: answer?.body ?? null,
  ...(failure !== undefined && { failure }),
})

function exitCodeOf(exchanges: readonly Exchange[]): number {
  if (exchanges.some(({ answer }) => answer === undefined)) return EXIT.unreachable
  const isAccepted = exchanges.every(
    ({ answer }) => answer !== undefined && answer.status >= 200 && answer.status < 300,
  )
  return isAccepted ? EXIT.ok : EXIT.wrong
}

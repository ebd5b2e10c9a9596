import { type Diagnosis, diagnose } from '@mailbox-hooks/core'
import { printableJson } from '@mailbox-hooks/core/queue'
import { Command } from 'commander'
import { type CapturedRequest, collectHeaders, readHeader } from '../capture/captured-request.js'
import { holdsCurl, readCurl } from '../capture/read-curl.js'
import { readHar } from '../capture/read-har.js'
import { readProvider } from '../catalog/own-provider.js'
import { type CatalogProvider, describe, PROVIDERS } from '../catalog/providers.js'
import { Failure } from '../failure.js'
import { readBytes } from '../input/read-bytes.js'
import type { Channel, Output } from '../output/output.js'
import { requireSecret, secretOf } from '../secrets.js'
import { collect, jsonOption, secretOption } from './options.js'

interface ExplainOptions {
  readonly provider?: string
  readonly header?: readonly string[]
  readonly url?: string
  readonly body?: string
  readonly curl?: string
  readonly har?: string
  readonly at?: string
  readonly secret?: string
  readonly json?: true
}

/** `explain`: explains why a delivery was refused. */
export function explainCommand({ stdout, stderr }: Output): Command {
  return new Command('explain')
    .description('Say why the signature of a captured delivery is refused.')
    .option(
      '--provider <name or file>',
      'whose delivery it is, or a file that exports its provider; default: by its headers',
    )
    .option('--body <file>', 'the file with the body, byte for byte; - reads stdin')
    .option("--header <'name: value'>", 'a header of the delivery; may be given several times', collect)
    .option('--url <address>', 'with --body: the address with its query, where a provider has its secret there')
    .option('--curl <file>', 'a file with the delivery as a curl command, or the command itself; - reads stdin')
    .option('--har <file>', 'a HAR file with the delivery; - reads stdin')
    .option('--at <time>', 'when it arrived, as ISO 8601; default: as the HAR file says, or now')
    .addOption(secretOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(async (options: ExplainOptions) => {
      const request = await readRequest(options)
      const provider =
        options.provider === undefined ? providerOf(request, options.secret) : await readProvider(options.provider)
      const diagnosis = diagnose({
        provider: provider.create,
        secrets: [requireSecret(provider, options.secret)],
        otherSecrets: otherSecrets(provider),
        headers: request.headers,
        url: request.url,
        body: request.body,
        now: options.at === undefined ? request.atMs : readTime(options.at),
      })
      if (options.json) stdout.line(printableJson({ provider: provider.name, ...diagnosis }, 2))
      else print(provider, diagnosis, stdout)
      const isJudgedNow = options.at === undefined && request.atMs === undefined
      if (diagnosis.code === 'clock_skew' && isJudgedNow) stderr.line(HINT_ABOUT_TIME)
    })
}

const HELP = `
The secrets are those in the environment; the other providers' are tried too, in case they were mixed up. Nothing is
sent anywhere, and no secret, signature or content is printed. It exits with 0 when it has an answer, "none fits" too.

Examples:
  $ mailbox-hooks explain --provider openmail --body body.json --header 'X-Timestamp: 1711015501' --header 'X-Signature: d72582…'
  $ mailbox-hooks explain --curl request.sh
  $ mailbox-hooks explain --har capture.har`

const HINT_ABOUT_TIME = 'note: if it was captured earlier, say with --at when it arrived.'

async function readRequest({ curl, har, body, header = [], url, provider }: ExplainOptions): Promise<CapturedRequest> {
  const sources = [curl, har, body].filter((source) => source !== undefined)
  if (sources.length !== 1) throw new Failure('Give the delivery by one of --body (with --header), --curl and --har.')
  if (body === undefined && header.length > 0) {
    throw new Failure('--header belongs to --body: a curl command and a HAR file have headers of their own.')
  }
  if (body === undefined && url !== undefined) {
    throw new Failure('--url belongs to --body: a curl command and a HAR file have an address of their own.')
  }
  if (curl !== undefined) return readCurl(holdsCurl(curl) ? curl : await readText(curl))
  if (har !== undefined) {
    const providers = await providersOf(provider)
    const matchers = providers.map(matcherOf)
    const isSought = (request: CapturedRequest) => matchers.some((matches) => matches(request))
    return readHar(await readText(har), isSought, [...new Set(providers.flatMap(placesOf))].join(' or '))
  }
  return {
    ...(url !== undefined && { url }),
    headers: collectHeaders(header.map(checkHeader)),
    body: await readBytes(body ?? '-'),
  }
}

/** Returns the named provider, or all providers, because a file may hold requests of several. */
const providersOf = async (name?: string): Promise<readonly CatalogProvider[]> =>
  name === undefined ? PROVIDERS : [await readProvider(name)]

const readText = async (path: string) => Buffer.from(await readBytes(path)).toString('utf8')

function checkHeader(line: string): [string, string] {
  const header = readHeader(line)
  if (header === undefined) throw new Failure("--header needs 'name: value', e.g. --header 'X-Timestamp: 1711015501'")
  return header
}

function readTime(text: string): number {
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw new Failure('--at must be a time of ISO 8601, e.g. 2026-03-01T09:00:00Z')
  return ms
}

/** Of several providers with the same headers, the one whose secret is known is meant. */
function providerOf({ headers }: CapturedRequest, secret?: string): CatalogProvider {
  const hasHeader = (provider: CatalogProvider) =>
    signatureHeadersOf(provider).some((header) => headers[header] !== undefined)
  const found = PROVIDERS.filter(hasHeader)
  const known = found.find((provider) => secretOf(provider, secret) !== undefined) ?? found[0]
  if (known !== undefined) return known
  throw new Failure(
    `The request has the signature header of no provider (${[...new Set(PROVIDERS.flatMap(signatureHeadersOf))].join(', ')}): ` +
      'say with --provider whose it is.',
  )
}

function signatureHeadersOf(provider: CatalogProvider): readonly string[] {
  const { headerFamilies, signatureHeader } = describe(provider)
  return headerFamilies.length > 0 ? headerFamilies.map(({ signature }) => signature) : [signatureHeader]
}

/** Tells requests that have something where the provider puts its signature. */
function matcherOf(provider: CatalogProvider): (request: CapturedRequest) => boolean {
  const { query, field } = describe(provider).scheme.signature
  if (query !== undefined) return ({ url = '' }) => new URLSearchParams(url.split('?')[1]).has(query)
  if (field !== undefined) return ({ body }) => body.length > 0
  const names = signatureHeadersOf(provider)
  return ({ headers }) => names.some((name) => headers[name] !== undefined)
}

/** Names where the signature stands. */
function placesOf(provider: CatalogProvider): readonly string[] {
  const { query, field } = describe(provider).scheme.signature
  if (query !== undefined) return [`the query parameter ${query}`]
  return field === undefined ? signatureHeadersOf(provider).map((name) => `the header ${name}`) : ['a body']
}

function otherSecrets(provider: CatalogProvider): Record<string, [string | undefined]> {
  const others = PROVIDERS.filter((other) => other !== provider)
  return Object.fromEntries(others.map((other) => [`${other.title} (${other.variable})`, [secretOf(other)]]))
}

function print(
  provider: CatalogProvider,
  { verdict, code, message, advice, reading, clock }: Diagnosis,
  stdout: Channel,
): void {
  const color = { accepted: 'green', explained: 'yellow', unexplained: 'red' } as const
  stdout.line(`${stdout.style('bold', provider.title)}  ${stdout.style(color[verdict], code)}`)
  stdout.line(message)
  if (advice !== undefined) stdout.line(advice)
  const details = [
    reading === undefined ? undefined : `signature: ${reading}`,
    clock === undefined ? undefined : `sent: ${clock.sentAt.toISOString()}, ${describeAge(clock.ageMs)}`,
  ].filter((detail) => detail !== undefined)
  if (details.length > 0) stdout.line(stdout.style('dim', details.join('; ')))
}

function describeAge(ageMs: number): string {
  const seconds = Math.round(Math.abs(ageMs) / 1000)
  return ageMs < 0 ? `${seconds} s ahead of the time of arrival` : `${seconds} s before the time of arrival`
}

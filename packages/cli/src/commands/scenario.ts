import { printableJson } from '@mailbox-hooks/core/queue'
import { Command, Option } from 'commander'
import { readProvider } from '../catalog/own-provider.js'
import type { CatalogProvider } from '../catalog/providers.js'
import { Failure } from '../failure.js'
import type { Output } from '../output/output.js'
import { checkTarget } from '../request/target.js'
import { exitCodeOf } from '../scenario/exit-code.js'
import { judge } from '../scenario/judge.js'
import { playAll } from '../scenario/play-all.js'
import { printJudgement, toJson } from '../scenario/report.js'
import { type PlayableScenario, SCENARIOS, scenariosOf } from '../scenario/scenarios.js'
import { requireSigningSecret, secretOf } from '../secrets.js'
import { didYouMean } from '../suggest.js'
import { allowRemoteOption, jsonOption, providerOption, secretOption, toOption } from './options.js'

interface ScenarioOptions {
  readonly to: string
  readonly provider?: string
  readonly secret?: string
  readonly reading?: string
  readonly encoding?: 'hex' | 'base64'
  readonly allowRemote?: true
  readonly json?: true
}

/** `scenario`: checks the conformance of any receiver. */
export function scenarioCommand(output: Output, finish: (exitCode: number) => void): Command {
  return new Command('scenario')
    .description("Play the providers' lifecycles against a receiver, and judge its answers.")
    .argument('[name]', 'the scenario; default: all whose secrets are known')
    .addOption(toOption())
    .addOption(providerOption())
    .addOption(secretOption())
    .addOption(new Option('--reading <reading>', 'what to sign: body, timestamp.body, token, or a reading of your own'))
    .addOption(new Option('--encoding <encoding>', 'how to write the signature').choices(['hex', 'base64']))
    .addOption(allowRemoteOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(async (name: string | undefined, options: ScenarioOptions) => finish(await check(name, options, output)))
}

const HELP = `
Scenarios:
${SCENARIOS.map(({ name, description }) => `  ${name.padEnd(28)}${description}`).join('\n')}

Duplicates, parallel duplicates, deliveries out of order and retries are among them; the providers' waits last a
thousandth of their time. A receiver of any make will do. It exits with 0 when each answer was right, with 1 when one
was wrong, with 3 when the receiver cannot be reached or answered nothing.

Examples:
  $ mailbox-hooks scenario --to http://localhost:3000/webhooks
  $ mailbox-hooks scenario order --to http://localhost:3000/webhooks --json`

async function check(name: string | undefined, options: ScenarioOptions, output: Output): Promise<number> {
  const to = checkTarget(options.to, options.allowRemote === true)
  const all = options.provider === undefined ? SCENARIOS : scenariosOf(await readProvider(options.provider))
  const scenarios = name === undefined ? knownSecrets(all, options, output) : [findScenario(all, name)]
  const secrets = new Map(
    scenarios.map(({ provider }) => [provider.name, requireSigningSecret(provider, options.secret)]),
  )
  const { reading, encoding } = options
  const { played, unfinished } = await playAll({
    scenarios,
    secrets,
    to,
    signing: { reading, encoding },
    progress: output.stderr,
  })
  const judgement = judge(played)
  if (options.json) output.stdout.line(printableJson(toJson(judgement, { unfinished }), 2))
  else printJudgement(judgement, { unfinished }, output.stdout)
  return exitCodeOf(judgement, unfinished)
}

function findScenario(scenarios: readonly PlayableScenario[], name: string): PlayableScenario {
  const found = scenarios.find((scenario) => scenario.name === name)
  if (found !== undefined) return found
  const names = scenarios.map((scenario) => scenario.name)
  throw new Failure(`There is no scenario ${name}.${didYouMean(name, names)} They are ${names.join(', ')}.`)
}

/** Returns the scenarios that can be signed, and names the skipped ones. */
function knownSecrets(
  scenarios: readonly PlayableScenario[],
  { secret }: ScenarioOptions,
  { stderr }: Output,
): readonly PlayableScenario[] {
  const providers: readonly CatalogProvider[] = [...new Set(scenarios.map(({ provider }) => provider))]
  const isKnown = (provider: CatalogProvider) => secretOf(provider, secret) !== undefined
  if (!providers.some(isKnown)) {
    throw new Failure(`No secret is known: set ${listOf(providers.map(({ variable }) => variable))}.`)
  }
  for (const provider of providers) {
    if (!isKnown(provider)) stderr.line(`note: ${provider.title} is left out, because ${provider.variable} is not set.`)
  }
  return scenarios.filter(({ provider }) => isKnown(provider))
}

const listOf = (names: readonly string[]) =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`

import { printableJson } from '@mailbox-hooks/core/queue'
import { Command, Option } from 'commander'
import { findProvider } from '../catalog/providers.js'
import { Failure } from '../failure.js'
import type { Output } from '../output/output.js'
import { checkTarget } from '../request/target.js'
import { exitCodeOf } from '../scenario/exit-code.js'
import { judge } from '../scenario/judge.js'
import { playAll } from '../scenario/play-all.js'
import { printJudgement, toJson } from '../scenario/report.js'
import { SCENARIOS, type Scenario } from '../scenario/scenarios.js'
import { requireSigningSecret, secretOf } from '../secrets.js'
import { didYouMean } from '../suggest.js'
import { allowRemoteOption, jsonOption, secretOption, toOption } from './options.js'

interface ScenarioOptions {
  readonly to: string
  readonly secret?: string
  readonly reading?: 'body' | 'timestamp.body' | 'token'
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
    .addOption(secretOption())
    .addOption(new Option('--reading <reading>', 'what to sign').choices(['body', 'timestamp.body', 'token']))
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
  const scenarios = name === undefined ? knownSecrets(options, output) : [findScenario(name)]
  const secrets = new Map(
    scenarios.map(({ provider }) => [provider, requireSigningSecret(findProvider(provider), options.secret)]),
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

function findScenario(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name)
  if (found !== undefined) return found
  const names = SCENARIOS.map((scenario) => scenario.name)
  throw new Failure(`There is no scenario ${name}.${didYouMean(name, names)} They are ${names.join(', ')}.`)
}

/** Returns the scenarios that can be signed, and names the skipped ones. */
function knownSecrets({ secret }: ScenarioOptions, { stderr }: Output): readonly Scenario[] {
  const known = SCENARIOS.filter(({ provider }) => secretOf(findProvider(provider), secret) !== undefined)
  if (known.length === 0)
    throw new Failure('No secret is known: set CMR_API_KEY, INBOXKIT_API_KEY or OPENMAIL_WEBHOOK_SECRET.')
  const left = new Set(
    SCENARIOS.filter((scenario) => !known.includes(scenario)).map(({ provider }) => findProvider(provider)),
  )
  for (const { title, variable } of left) stderr.line(`note: ${title} is left out, because ${variable} is not set.`)
  return known
}

import { InvalidArgumentError, Option } from 'commander'

export const toOption = () =>
  new Option('--to <url>', 'the receiver, e.g. http://localhost:3000/webhooks').makeOptionMandatory()

export const allowRemoteOption = () => new Option('--allow-remote', 'send to other machines than this one too')

export const secretOption = () =>
  new Option(
    '--secret <secret>',
    "the provider's secret; better kept in the environment, where other users cannot see it",
  )

export const providerOption = () =>
  new Option(
    '--provider <name or file>',
    'a built-in provider, or a file that exports one of your own, e.g. ./acme.mjs',
  )

export const jsonOption = () => new Option('--json', 'print JSON')

/** Collects an option that may be given several times. */
export const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value]

export function positiveInteger(value: string): number {
  if (/^[1-9]\d{0,3}$/.test(value)) return Number(value)
  throw new InvalidArgumentError('It must be a whole number from 1 to 9999.')
}

/** Reads a port. 0 takes any free one. */
export function port(value: string): number {
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value)
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.')
}

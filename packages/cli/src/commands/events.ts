import { printableJson } from '@mailbox-hooks/core/queue'
import { Command } from 'commander'
import { type Field, fieldsOf } from '../catalog/fields.js'
import { readProvider } from '../catalog/own-provider.js'
import { type CatalogEvent, type CatalogProvider, eventsOf, findEvent, PROVIDERS } from '../catalog/providers.js'
import type { Channel, Output } from '../output/output.js'
import { shorten } from '../output/printable.js'
import { printTable } from '../output/table.js'
import { providerOption } from './options.js'

/** `events`: lists the events of the providers. */
export function eventsCommand({ stdout }: Output): Command {
  return new Command('events')
    .description('List the events of every provider, or show the fields and a sample of one.')
    .argument('[event]', 'the event to show, e.g. mailbox.created')
    .addOption(providerOption())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ mailbox-hooks events
  $ mailbox-hooks events mailbox.created
  $ mailbox-hooks events --provider ./acme.mjs`,
    )
    .action(async (name: string | undefined, options: EventsOptions) => {
      const providers = options.provider === undefined ? PROVIDERS : [await readProvider(options.provider)]
      const event = name === undefined ? undefined : findEvent(name, providers)
      if (options.json)
        stdout.line(printableJson(event === undefined ? eventsOf(providers).map(summaryOf) : detailsOf(event), 2))
      else if (event === undefined) list(providers, stdout)
      else show(event, stdout)
    })
}

interface EventsOptions {
  readonly provider?: string
  readonly json?: true
}

const summaryOf = ({ provider, name, description }: CatalogEvent) => ({
  provider: provider.name,
  event: name,
  description,
})

const detailsOf = (event: CatalogEvent) => ({
  ...summaryOf(event),
  fields: fieldsOf(event).map(({ path, type, isOptional, isCredential, known }) => ({
    path,
    type,
    optional: isOptional,
    credential: isCredential,
    known,
  })),
  sample: sampleOf(event),
})

const sampleOf = ({ provider, name }: CatalogEvent) => provider.samples[name]?.()

function list(providers: readonly CatalogProvider[], stdout: Channel): void {
  const width = Math.max(0, ...eventsOf(providers).map(({ name }) => name.length))
  for (const provider of providers) {
    stdout.line(`${stdout.style('bold', provider.title)}  ${stdout.style('dim', `secret in ${provider.variable}`)}`)
    for (const { name, description } of eventsOf([provider])) {
      stdout.line(`  ${stdout.style('cyan', name.padEnd(width))}  ${description}`.trimEnd())
    }
    stdout.line()
  }
  stdout.line(stdout.style('dim', 'mailbox-hooks events <event> shows the fields and a sample of one.'))
}

function show(event: CatalogEvent, stdout: Channel): void {
  stdout.line(`${stdout.style('bold', event.name)}  ${stdout.style('dim', event.provider.title)}`)
  stdout.line(event.description)
  stdout.line()
  printTable(
    stdout,
    ['field', 'type', '', ''],
    fieldsOf(event).map((field) => [
      stdout.style('cyan', field.path),
      field.type,
      field.isOptional ? 'optional' : '',
      notesOf(field),
    ]),
  )
  stdout.line()
  stdout.line(stdout.style('bold', 'Sample'))
  stdout.line(printableJson(sampleOf(event) ?? {}, 2))
}

function notesOf({ isCredential, known }: Field): string {
  return isCredential ? 'credential' : shorten(known.join(', '), 60)
}

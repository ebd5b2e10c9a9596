import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Provider, Secret } from '@mailbox-hooks/core'
import { describeProvider } from '@mailbox-hooks/core/play'
import { sample } from '@mailbox-hooks/testing'
import { Failure } from '../failure.js'
import { ownScenarios } from '../scenario/common-scenarios.js'
import { type CatalogProvider, findProvider, type Payload } from './providers.js'

type Create = (options: { secrets: readonly Secret[] }) => Provider

/** Returns the provider that `--provider` names: a built-in one, or one that a file exports. */
export async function readProvider(nameOrFile: string): Promise<CatalogProvider> {
  return isFile(nameOrFile) ? loadProvider(nameOrFile) : findProvider(nameOrFile)
}

const isFile = (text: string) => /[/\\]|\.[cm]?[jt]s$/.test(text)

async function loadProvider(file: string): Promise<CatalogProvider> {
  const module = await load(file)
  const create = createIn(module, file)
  const provider = describe(create, file)
  const { name, types } = provider
  return {
    name,
    title: name,
    variable: `${name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}_WEBHOOK_SECRET`,
    create,
    playable: provider,
    samples: samplesOf(provider, types, module.samples),
    descriptions: {},
    scenarios: ownScenarios(provider),
  }
}

async function load(file: string): Promise<Record<string, unknown>> {
  try {
    return await import(pathToFileURL(resolve(file)).href)
  } catch (error) {
    const advice =
      (error as { code?: unknown } | undefined)?.code === 'ERR_UNKNOWN_FILE_EXTENSION'
        ? '. Node reads TypeScript from 22.18 on: take that, compile the file, or install tsx and set NODE_OPTIONS="--import tsx"'
        : ''
    throw new Failure(`${file} cannot be loaded: ${error instanceof Error ? error.message : error}${advice}`)
  }
}

/** The default export, or the only function that the file exports. */
function createIn(module: Record<string, unknown>, file: string): Create {
  const functions = Object.values(module).filter((value) => typeof value === 'function')
  const create =
    typeof module.default === 'function' ? module.default : functions.length === 1 ? functions[0] : undefined
  // What it returns is looked at when it is called.
  if (create !== undefined) return create as Create
  throw new Failure(
    `${file} must export a function that makes the provider, e.g. export default ({ secrets }) => defineProvider({ … })`,
  )
}

function describe(create: Create, file: string): Provider {
  let provider: Provider
  try {
    provider = describeProvider(create)
  } catch (error) {
    throw new Failure(`The function of ${file} fails: ${error instanceof Error ? error.message : error}`)
  }
  if (typeof provider?.schemaOf === 'function' && typeof provider.name === 'string') return provider
  throw new Failure(`The function of ${file} must return a provider, as defineProvider makes it.`)
}

/** Those that the file exports as `samples`, and for the other types what can be made of their schemas. */
function samplesOf(provider: Provider, types: readonly string[], given: unknown): Record<string, () => Payload> {
  const own = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>
  const made: Readonly<Record<string, () => Payload>> = sample(provider as Provider<string, Record<string, Payload>>)
  return Object.fromEntries(
    [...new Set([...types, ...Object.keys(own)])].map((type) => [
      type,
      () => (Object.hasOwn(own, type) ? structuredClone(own[type] as Payload) : madeBy(made, type)),
    ]),
  )
}

function madeBy(made: Readonly<Record<string, () => Payload>>, type: string): Payload {
  try {
    return made[type]?.() ?? {}
  } catch (error) {
    throw new Failure(
      `${error instanceof Error ? error.message : error}. Export it: export const samples = { '${type}': { … } }`,
    )
  }
}

import type { Journal, Provider } from '@mailbox-hooks/core'
import { checkNames } from '@mailbox-hooks/core/queue'

/** The options of `openInspector`. */
export interface InspectorOptions {
  /** The journal to show. Default: a `memoryJournal` of the newest 500 events, which also keeps refusals. */
  readonly journal?: Journal | undefined
  /** Sets the port. 0 takes any free one. Default 4790. */
  readonly port?: number | undefined
  /** Listens on another address than 127.0.0.1. It needs a `password`. */
  readonly host?: string | undefined
  /** Lists further names under which the page may be asked for, e.g. `devbox.local`. It needs a `password`. */
  readonly hostNames?: readonly string[] | undefined
  /** Lets a person in who has no link, by a password of at least 12 characters. Default none. */
  readonly password?: string | undefined
  /** Starts under `NODE_ENV=production`, too. It needs a `password`. Default false. */
  readonly allowProduction?: boolean | undefined
  /** Names the address to which replays and samples go. Loopback only. Default: where the newest delivery arrived. */
  readonly target?: string | undefined
  /** Lists providers of your own, for their samples. Default: those of the receivers that use the journal. */
  readonly providers?: readonly Provider[] | undefined
  /** Writes a line for each credential that the page reveals. Default `console.warn`. */
  readonly log?: ((line: string) => void) | undefined
}

export type Settings = Omit<InspectorOptions, 'port' | 'host' | 'hostNames' | 'log' | 'providers'> & {
  readonly port: number
  readonly host: string
  readonly hostNames: readonly string[]
  readonly providers: readonly Provider[]
  readonly log: (line: string) => void
}

const NAMES: readonly (keyof InspectorOptions)[] = [
  'journal',
  'port',
  'host',
  'hostNames',
  'password',
  'allowProduction',
  'target',
  'providers',
  'log',
]

const LOCAL = '127.0.0.1'
const SHORTEST_PASSWORD = 12

/** Returns the options with their defaults. Throws a `TypeError` for a wrong one, and for what would let others look in. */
export function checkOptions(options: InspectorOptions): Settings {
  const given = checkNames('openInspector', options, NAMES)
  const { port = 4790, host = LOCAL, hostNames = [], providers = [], log = console.warn, ...rest } = given
  if (!Number.isInteger(port) || port < 0 || port > 65_535) refuse('port must be a whole number from 0 to 65535')
  if (typeof host !== 'string' || host === '') refuse('host must be an address, e.g. 127.0.0.1')
  if (typeof log !== 'function') refuse('log must be a function')
  if (!Array.isArray(providers)) refuse('providers must be a list of providers')
  checkHostNames(hostNames)
  checkJournal(rest.journal)
  const settings = { ...rest, port, host, hostNames, providers, log }
  checkAccess(settings)
  return settings
}

function checkAccess({ host, hostNames, password, allowProduction }: Settings): void {
  if (password !== undefined && (typeof password !== 'string' || password.length < SHORTEST_PASSWORD)) {
    refuse(`password must have at least ${SHORTEST_PASSWORD} characters`)
  }
  const isOpen = host !== LOCAL || hostNames.length > 0
  if (isOpen && password === undefined) refuse(`host and hostNames let others look in, so they need a password`)
  if (process.env.NODE_ENV !== 'production') return
  if (allowProduction !== true) {
    refuse('NODE_ENV is production, where deliveries are real. Open it in development, or pass allowProduction: true')
  }
  if (password === undefined) refuse('allowProduction needs a password')
}

function checkHostNames(names: unknown): void {
  const isName = (name: unknown) => typeof name === 'string' && /^[a-z\d.-]+$/.test(name)
  if (!Array.isArray(names) || !names.every(isName)) refuse('hostNames must be a list of names in lower case')
}

function checkJournal(journal: unknown): void {
  if (journal === undefined || typeof (journal as Partial<Journal> | null)?.find === 'function') return
  refuse('journal must be a journal, e.g. memoryJournal() or sqliteJournal(database, options)')
}

function refuse(message: string): never {
  throw new TypeError(`openInspector: ${message}`)
}

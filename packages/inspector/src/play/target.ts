import { lookup } from 'node:dns/promises'
import { isIPv4, isIPv6 } from 'node:net'
import type { Journal, JournalArrival } from '@mailbox-hooks/core'
import { Refusal } from '../server/reply.js'

/** An address of this machine, resolved: the connection goes to `address`, whatever the name means later. */
export interface Target {
  readonly url: URL
  readonly address: string
}

/** Where replays go: to the address that was named, or to where the newest delivery arrived. */
export class Targets {
  readonly #given: string | undefined
  readonly #journal: Journal

  constructor(given: string | undefined, journal: Journal) {
    this.#given = given
    this.#journal = journal
  }

  async current(): Promise<string | undefined> {
    if (this.#given !== undefined) return this.#given
    const { entries } = await this.#journal.find({ limit: 1 })
    const id = entries[0]?.id ?? (await this.#journal.refusals({ limit: 1 }))[0]?.id
    const arrival = id === undefined ? undefined : (await this.#journal.arrivals(id)).at(-1)
    return arrival && addressOf(arrival)
  }
}

/** Where a delivery arrived. A sender chooses the header `Host`, but not where the server listens. */
function addressOf({ local, url, rawHeaders }: JournalArrival): string | undefined {
  const path = pathOf(url)
  if (path === undefined) return undefined
  if (local !== undefined) {
    const host = isLoopback(local.address) ? hostOf(local.address) : '127.0.0.1'
    return `${local.isEncrypted ? 'https' : 'http'}://${host}:${local.port}${path}`
  }
  const host = rawHeaders.find((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === 'host')
  const address = URL.canParse(url ?? '') ? url : `http://${host}${path}`
  if (address === undefined || !URL.canParse(address) || !isLoopbackName(new URL(address).hostname)) return undefined
  return address.split(/[?#]/, 1)[0]
}

function pathOf(url: string | undefined): string | undefined {
  if (url === undefined) return undefined
  const path = URL.canParse(url) ? new URL(url).pathname : url.split(/[?#]/, 1)[0]
  return path?.startsWith('/') ? path : undefined
}

const hostOf = (address: string) => {
  const mapped = mappedAddress(address)
  return isIPv6(mapped) ? `[${mapped}]` : mapped
}

/** Checks and resolves an address to send to. Throws for one that is not of this machine. */
export async function resolveTarget(address: string): Promise<Target> {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new Refusal(400, 'The target must be an http address, e.g. http://localhost:3000/webhooks.')
  }
  if (url.username !== '' || url.password !== '')
    throw new Refusal(400, 'The target must have no user name or password.')
  const hostname = url.hostname.replace(/^\[|\]$/g, '')
  const found = await resolve(hostname)
  if (found.length > 0 && found.every(isLoopback)) return { url, address: found[0]! }
  throw new Refusal(400, `${url.hostname} is not this machine. Replays and samples go to loopback addresses only.`)
}

/** Every address counts: of two, the connection could take the other. */
async function resolve(hostname: string): Promise<readonly string[]> {
  if (isIPv4(hostname) || isIPv6(hostname)) return [hostname]
  try {
    const found = await lookup(hostname, { all: true })
    // Many servers listen on one of the two, and 127.0.0.1 is the commoner one.
    return found.map(({ address }) => address).sort((one, other) => Number(isIPv6(one)) - Number(isIPv6(other)))
  } catch {
    throw new Refusal(400, `${hostname} has no address.`)
  }
}

const mappedAddress = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '')

function isLoopback(address: string): boolean {
  const mapped = mappedAddress(address)
  return isIPv4(mapped) ? mapped.startsWith('127.') : mapped === '::1'
}

const isLoopbackName = (hostname: string) => hostname === 'localhost' || isLoopback(hostname.replace(/^\[|\]$/g, ''))

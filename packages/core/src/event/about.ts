import { domainToASCII } from 'node:url'
import type { DescribedAbout } from '../providers/provider.js'
import { mailboxesIn } from './mailbox-list.js'

/** Names what an event is about, for looking it up later. Without duplicates. */
export interface About {
  /** Mail addresses, as `normalizeAddress` writes them. */
  readonly addresses: readonly string[]
  /** Ids as the provider writes them, of mailboxes, orders, threads, …; and domains, as `normalizeDomain` writes them. */
  readonly ids: readonly string[]
}

/** More than a mail of any use has. The sender chooses how many there are, and each is a row of an index. */
const MAX_ENTRIES = 200

/** RFC 5321: 64 characters before the @, 255 behind it. */
const MAX_ADDRESS = 320

const MAX_ID = 1024

/** Reads what a provider says an event is about. Keeps at most 200 addresses and 200 ids, none of absurd length. */
export function readAbout({ addresses = [], ids = [], domains = [] }: DescribedAbout = {}): About {
  return {
    addresses: distinct(textsIn(addresses).flatMap(addressesIn)),
    ids: distinct([
      ...textsIn(ids).filter((id) => id !== '' && id.length <= MAX_ID),
      ...textsIn(domains).flatMap((domain) => normalizeDomain(domain) ?? []),
    ]),
  }
}

/**
 * Returns the address in a text without its display name, in Unicode's form NFC, in lower case, its domain in ASCII.
 * Undefined when the text is not one address.
 *
 * @example
 * normalizeAddress('Zoë <Zoe@Bücher.example>') // 'zoe@xn--bcher-kva.example'
 */
export function normalizeAddress(text: string): string | undefined {
  const [mailbox, ...others] = mailboxesIn(text)
  return mailbox === undefined || others.length > 0 ? undefined : addressOf(mailbox)
}

/** The commonest form: letters and digits, in lower case already, and no IP address. It is its own normal form. */
const SIMPLE_DOMAIN = /^(?:[a-z0-9]{1,50}\.){1,4}[a-z]{2,20}$/

/** Returns a domain as it stands in a normalised address. Undefined when the text cannot be a domain. */
export function normalizeDomain(text: string): string | undefined {
  if (SIMPLE_DOMAIN.test(text)) return text
  const domain = text.normalize('NFC').toLowerCase().trim().replace(/\.$/, '')
  if (domain === '' || domain.length > 255 || /[\s@,;<>]/.test(domain)) return undefined
  // Empty for what is no host name, such as one with an underscore in a wrong place: it is kept as it is then.
  return domainToASCII(domain) || domain
}

function addressesIn(text: string): readonly string[] {
  return mailboxesIn(text).flatMap((mailbox) => addressOf(mailbox) ?? [])
}

function addressOf(mailbox: string): string | undefined {
  const at = mailbox.lastIndexOf('@')
  const local = mailbox.slice(0, at).normalize('NFC').toLowerCase()
  const domain = normalizeDomain(mailbox.slice(at + 1))
  if (at < 1 || domain === undefined || /\s/.test(local.replace(/^".*"$/s, ''))) return undefined
  return local.length + domain.length < MAX_ADDRESS ? `${local}@${domain}` : undefined
}

/** The texts in a list, and in lists in it. */
function textsIn(values: readonly unknown[]): readonly string[] {
  // Few lists hold lists, and to flatten one takes as long as a signature.
  const flat = values.some((value) => Array.isArray(value)) ? values.flat(2) : values
  return flat.filter((value) => typeof value === 'string')
}

const distinct = (texts: readonly string[]) => [...new Set(texts)].slice(0, MAX_ENTRIES)

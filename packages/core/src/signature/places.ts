import { signatureMalformed, signatureMissing, signatureRepeated } from '../errors.js'
import type { JsonObject } from '../request/parse-json.js'
import type { RequestHead } from '../request/webhook-request.js'
import { isLatin1, textAt } from './content.js'
import { quietly } from './quietly.js'

/** Headers that belong together. */
export interface HeaderFamily {
  readonly signature: string
  /** The header with the id that the signature covers. */
  readonly id?: string
  /** The header with the time that the signature covers. */
  readonly time?: string
}

/** Where a signature stands. Exactly one of `header`, `families`, `query`, `field` and `authorization` must be given. */
export interface SignaturePlace {
  /** Names the signature header, in upper or lower case. A request without it is not tried against this provider. */
  readonly header?: string
  /**
   * Lists families of headers, of which a request has exactly one: a sender may use another one for each customer. It takes
   * the place of `header`, `id` and `timestamp.header`.
   */
  readonly families?: readonly HeaderFamily[]
  /** Names a parameter of the query. Whatever logs URLs then logs the secret. */
  readonly query?: string
  /**
   * Names a field of the body, as a path with dots (`signature.signature`). The body is then parsed before anything is
   * proven, and the signature proves the sender only.
   */
  readonly field?: string
  /** Reads the header `Authorization` of this scheme. For `'Basic'` the secrets are `user:password`. */
  readonly authorization?: 'Basic' | 'Bearer'
  /** Names the header with the id that the signature covers. */
  readonly id?: string
  /** Names the part of a header `t=…,v1=…` that holds the signature. There may be several parts of this name. */
  readonly pair?: string
}

/** Where a time stands, beside or instead of in a family of headers. */
export interface TimePlace {
  readonly header?: string | undefined
  /** Names the part of the signature header, where `pair` says that it has parts. */
  readonly pair?: string | undefined
  /** Names a field of the body, as a path with dots. */
  readonly field?: string | undefined
}

/** The texts of a request that its signature consists of and may cover, as they came. */
export interface FoundTexts {
  readonly signatures: readonly string[]
  readonly id: string | undefined
  readonly time: string | undefined
}

/** Far more than any sender needs: each entry may cost a signature's verification. */
const MAX_ENTRIES = 32
const MAX_LENGTH = 8192

/** Finds signature, id and time in requests. */
export class Places {
  readonly families: readonly HeaderFamily[]
  readonly #place: SignaturePlace
  readonly #time: TimePlace

  constructor(place: SignaturePlace, time: TimePlace = {}) {
    const { header, id, families = header === undefined ? [] : [familyOf(header, id, time.header)] } = place
    this.families = families.map(inLowerCase)
    this.#place = place
    this.#time = time
  }

  /** Names the place for messages and logs. */
  get title(): string {
    const { query, field, authorization } = this.#place
    if (query !== undefined) return `query parameter ${query}`
    if (field !== undefined) return `field ${field}`
    return `header ${authorization === undefined ? this.families[0]?.signature : 'authorization'}`
  }

  /** The lower-case name of the header by whose presence a request is recognised; empty where it is none. */
  get signatureHeader(): string {
    return this.#place.authorization === undefined ? (this.families[0]?.signature ?? '') : 'authorization'
  }

  /** Whether the signature stands in the body. */
  get isInBody(): boolean {
    return this.#place.field !== undefined
  }

  /** Whether the signature is a text of any characters, not the bytes of a header. */
  get isText(): boolean {
    return this.#place.field !== undefined || this.#place.query !== undefined
  }

  /** Finds the texts in the head of a request. Returns undefined if the request is not this provider's. */
  find(request: RequestHead): FoundTexts | undefined {
    const { query, authorization } = this.#place
    if (this.isInBody) return { signatures: [], id: undefined, time: this.#timeIn(request) }
    if (query !== undefined) return this.#findInQuery(query, request)
    if (authorization !== undefined) return this.#findAuthorization(authorization, request)
    return this.#findInHeaders(request)
  }

  /** Finds the texts in the body, where the signature stands there. */
  findInBody(payload: JsonObject | undefined, { id, time }: FoundTexts): FoundTexts {
    const signature = textAt(payload, (this.#place.field ?? '').split('.'))
    return { signatures: signature === undefined ? [] : [signature], id, time: time ?? this.timeInBody(payload) }
  }

  /** Finds the time in the body; undefined where it does not stand there. */
  timeInBody(payload: JsonObject | undefined): string | undefined {
    return this.#time.field === undefined ? undefined : textAt(payload, this.#time.field.split('.'))
  }

  /** Reads the id and the time that the signature covers, without looking at the signature. */
  signedTexts(headers: RequestHead): { readonly id: string | undefined; readonly time: string | undefined } {
    const found = quietly(() => this.find(headers))
    return { id: found?.id, time: found?.time }
  }

  #timeIn(request: RequestHead): string | undefined {
    return this.#time.header === undefined ? undefined : request.header(this.#time.header.toLowerCase())
  }

  #findInHeaders(request: RequestHead): FoundTexts | undefined {
    const family = familyIn(request, this.families)
    const value = family && request.header(family.signature)
    if (value === undefined) return undefined
    if (value === '') throw signatureMissing(`header ${family!.signature}`)
    if (!isLatin1(value) || value.length > MAX_LENGTH) throw signatureMalformed(`header ${family!.signature}`)
    const id = family!.id && request.header(family!.id)
    if (this.#place.pair !== undefined) return this.#findPairs(value, id, request)
    const time = family!.time === undefined ? this.#timeIn(request) : request.header(family!.time)
    return { signatures: [value], id, time }
  }

  /** Reads `t=1780000000,v1=…`: each part is split at its first `=`, because base64 ends in some. */
  #findPairs(value: string, id: string | undefined, request: RequestHead): FoundTexts {
    const parts = value.split(',').map((part) => /^([\w-]+)=(.*)$/s.exec(part))
    // A header that is repeated is joined by a comma and a space, which no sender writes into one.
    const isReadable = parts.length <= MAX_ENTRIES && parts.every((part) => part !== null)
    if (!isReadable) throw signatureMalformed(this.title)
    const named = (name: string | undefined) => parts.flatMap((part) => (part?.[1] === name ? [part?.[2] ?? ''] : []))
    const signatures = named(this.#place.pair)
    if (signatures.length === 0) throw signatureMalformed(this.title)
    if (this.#time.pair === undefined) return { signatures, id, time: this.#timeIn(request) }
    const times = named(this.#time.pair)
    // Of two, other code may believe the other.
    if (times.length > 1) throw signatureRepeated(this.title)
    return { signatures, id, time: times[0] }
  }

  #findInQuery(name: string, request: RequestHead): FoundTexts | undefined {
    const values = queryOf(request).getAll(name)
    if (values.length === 0) return undefined
    if (values.length > 1) throw signatureRepeated(this.title)
    return { signatures: values, id: undefined, time: this.#timeIn(request) }
  }

  #findAuthorization(scheme: string, request: RequestHead): FoundTexts | undefined {
    const [name = '', ...rest] = request.header('authorization')?.split(' ') ?? []
    // The scheme's name is the same in any case (RFC 9110, 11.1).
    if (name.toLowerCase() !== scheme.toLowerCase()) return undefined
    const credentials = rest.join(' ')
    if (credentials === '' || !isLatin1(credentials)) throw signatureMalformed('header authorization')
    return { signatures: [credentials], id: undefined, time: this.#timeIn(request) }
  }
}

const familyOf = (signature: string, id: string | undefined, time: string | undefined): HeaderFamily => ({
  signature,
  ...(id !== undefined && { id }),
  ...(time !== undefined && { time }),
})

function inLowerCase({ signature, id, time }: HeaderFamily): HeaderFamily {
  return familyOf(signature.toLowerCase(), id?.toLowerCase(), time?.toLowerCase())
}

/** Chooses the family once, for all of its headers: taken one by one, one request could be read in two ways. */
function familyIn(request: RequestHead, families: readonly HeaderFamily[]): HeaderFamily | undefined {
  if (families.length === 1) return families[0]
  const present = families.filter(({ signature }) => request.header(signature) !== undefined)
  const complete = present.filter((family) => Object.values(family).every((name) => request.header(name) !== undefined))
  if (complete.length > 1)
    throw signatureRepeated(`signature, as ${complete.map(({ signature }) => signature).join(' and ')},`)
  return complete[0] ?? present[0]
}

/** The parameters of the query, as the sender wrote them. None where the adapter does not know the URL. */
export function queryOf({ url = '' }: RequestHead): URLSearchParams {
  const at = url.indexOf('?')
  return new URLSearchParams(at === -1 ? '' : url.slice(at + 1).split('#', 1)[0])
}

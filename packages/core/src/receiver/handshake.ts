import type { Handshake, ParsedBody, Provider } from '../providers/provider.js'
import type { WebhookRequest } from '../request/webhook-request.js'
import { textAt } from '../signature/content.js'
import { isSigned } from '../signature/is-signed.js'
import { queryOf } from '../signature/places.js'
import { type Answer, echo } from './answer.js'

type QueryHandshake = Extract<Handshake, { readonly query: string }>

/**
 * Answers a question in the query, which anybody can ask. Nothing of the request is read or claimed for it. Returns
 * undefined if the request asks nothing.
 */
export function answerQuery(providers: readonly Provider[], request: WebhookRequest): [Provider, Answer] | undefined {
  for (const provider of providers) {
    for (const handshake of provider.handshakes) {
      const asked = 'query' in handshake ? questionIn(request, handshake) : undefined
      // A request with a signature is a delivery. Over HTTP/2 its body needs no announced length.
      if (asked !== undefined && !isSigned(providers, request)) return [provider, echo(asked)]
    }
  }
  return undefined
}

/** Answers a question in a verified body. Returns undefined if the body asks nothing. */
export function answerField({ handshakes }: Provider, { payload }: Extract<ParsedBody, { payload: unknown }>) {
  for (const handshake of handshakes) {
    if ('query' in handshake) continue
    const isAsked = Object.entries(handshake.when).every(([name, value]) => textAt(payload, name.split('.')) === value)
    const asked = isAsked ? textAt(payload, handshake.field.split('.')) : undefined
    if (asked !== undefined && isEchoable(asked)) return echo(asked)
  }
  return undefined
}

function questionIn(request: WebhookRequest, { method, query }: QueryHandshake): string | undefined {
  if (request.method !== method || hasBody(request)) return undefined
  const values = queryOf(request).getAll(query)
  const [asked = ''] = values
  return values.length === 1 && isEchoable(asked) ? asked : undefined
}

/** A request with a body is a delivery, whatever its query says. */
const hasBody = (request: WebhookRequest) => Number(request.header('content-length') ?? 0) > 0 || request.isOpenEnded()

/** What anybody can send comes back to anybody: short, and nothing that a program takes for more than a text. */
const isEchoable = (text: string) => /^[\x20-\x7e]{1,1024}$/.test(text)

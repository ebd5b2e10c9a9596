import type { Delivered } from '../data/detail.js'
import { bodyOf } from '../play/actions.js'
import { Refusal } from '../server/reply.js'
import { replaceCredentials } from '../view/body-view.js'
import { bodyTerms } from '../view/request-view.js'
import { asCurl } from './curl.js'
import { asExplain } from './explain.js'
import type { Copied, ToCopy } from './to-copy.js'
import { asVitest } from './vitest.js'

const FORMS: Readonly<Record<string, (what: ToCopy) => Copied>> = { curl: asCurl, explain: asExplain, vitest: asVitest }

/** Writes a delivery as a command or as a test. Credentials are replaced, and personal data stay. */
export function copy(delivered: Delivered, as: string | null, target = 'http://localhost:3000/webhooks'): Copied {
  const form = FORMS[as ?? '']
  if (form === undefined) throw new Refusal(400, `as must be one of ${Object.keys(FORMS).join(', ')}.`)
  const found = bodyOf(delivered)
  if (found === undefined) throw new Refusal(409, 'Its body was not kept.')
  const { arrival, body } = found
  const text = replaceCredentials(body, bodyTerms(arrival, delivered.shown?.provider), inOtherWords)
  const isReplaced = text !== undefined && text !== Buffer.from(body).toString()
  return form({ delivered, arrival, body, text, isReplaced, target })
}

/** A text of the same form, so that it fits the same schema. */
function inOtherWords(original: string): string {
  if (/^-?\d+(\.\d+)?$/.test(original)) return original.replaceAll(/\d/g, '1')
  // Of an escape, the letters are not its own.
  if (original.includes('\\')) return 'replaced'
  const [, scheme = '', rest = ''] = /^(https?:\/\/)?(.*)$/s.exec(original) ?? []
  return scheme + rest.replaceAll(/[a-z]/g, 'x').replaceAll(/[A-Z]/g, 'X').replaceAll(/\d/g, '0')
}

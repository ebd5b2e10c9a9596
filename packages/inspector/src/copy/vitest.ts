import { playedOf } from '../data/provider-book.js'
import { typeOf } from '../play/actions.js'
import { Refusal } from '../server/reply.js'
import { type Copied, PERSONAL_DATA, type ToCopy } from './to-copy.js'

/** Writes a delivery as a test that signs it anew and sends it to the receiver. */
export function asVitest(what: ToCopy): Copied {
  const { delivered, text, body, target, isReplaced } = what
  const { shown } = delivered
  if (shown === undefined) throw new Refusal(409, 'No provider has such headers, so nobody knows how to sign it.')
  const isBuiltIn = playedOf(shown.name) !== undefined
  const type = typeOf(delivered)
  const provider = isBuiltIn ? literal(shown.name) : 'provider'
  const content =
    text === undefined ? `Buffer.from(${literal(Buffer.from(body).toString('base64'))}, 'base64')` : literal(text)
  const lines = [
    `import { signedDelivery } from '@mailbox-hooks/testing'`,
    `import { expect, it } from 'vitest'`,
    ...(isBuiltIn ? [] : ["import { provider } from './your-provider.js' // made by defineProvider"]),
    '',
    '// Start the receiver first, with the same secret.',
    `const receiver = process.env.WEBHOOK_URL ?? ${literal(target)}`,
    `const secret = process.env.${shown.variable} ?? ''`,
    '',
    `it(${literal(`accepts ${type} of ${shown.title}`)}, async () => {`,
    `  const body = ${content}`,
    `  const { headers, query } = signedDelivery(${provider}, ${literal(type)}${isKnown(what, type) ? '' : ' as never'}, { secret, body${readingOf(what)} })`,
    `  const url = query === undefined ? receiver : \`\${receiver}?\${query}\``,
    `  const response = await fetch(url, { method: 'POST', headers, body })`,
    '  expect(response.status).toBe(200)',
    '})',
    '',
  ]
  const note = `${isReplaced ? 'Credentials are replaced. ' : ''}${PERSONAL_DATA}`
  return { text: lines.join('\n'), note }
}

/** A literal of JavaScript in single quotes. */
function literal(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${inner.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`
}

const isKnown = ({ delivered }: ToCopy, type: string) => delivered.shown?.provider.types.includes(type) ?? false

/** Where a provider has several readings, the one that verified is signed again. */
function readingOf({ arrival, delivered }: ToCopy): string {
  const [, name, encoding] = /^(.+)\/(hex|base64)$/.exec(arrival.reading ?? '') ?? []
  const readings = delivered.shown?.provider.scheme.signature.readings ?? []
  if (name === undefined || readings.length < 2) return ''
  return `, reading: ${literal(name)}, encoding: ${literal(encoding ?? 'hex')}`
}

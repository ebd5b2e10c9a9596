import { viewRequest } from '../view/request-view.js'
import type { ToCopy } from './to-copy.js'

/** Quotes a text for a POSIX shell. */
export const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

/** Made by the client that sends it again. */
const NOT_COPIED = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding', 'expect'])

/** The headers that say something, credentials masked. */
export function copiedHeaders({
  arrival,
  delivered,
}: ToCopy): readonly { name: string; value: string; masked: boolean }[] {
  const { headers } = viewRequest(arrival, delivered.shown?.provider)
  return headers.filter(({ name }) => !NOT_COPIED.has(name.toLowerCase()))
}

/** A command that writes the body to stdout, byte for byte. */
export const bodyCommand = ({ text, body }: ToCopy) =>
  text === undefined
    ? `printf %s ${quoted(Buffer.from(body).toString('base64'))} | base64 -d`
    : `printf %s ${quoted(text)}`

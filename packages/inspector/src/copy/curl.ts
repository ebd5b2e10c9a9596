import { viewRequest } from '../view/request-view.js'
import { bodyCommand, copiedHeaders, quoted } from './shell.js'
import { type Copied, PERSONAL_DATA, type ToCopy } from './to-copy.js'

/** Writes a delivery as a curl command that sends it as it came. */
export function asCurl(what: ToCopy): Copied {
  const headers = copiedHeaders(what)
  const { url } = viewRequest(what.arrival, what.delivered.shown?.provider)
  const query = url?.includes('?') ? url.slice(url.indexOf('?')) : ''
  const lines = [
    `${bodyCommand(what)} |`,
    `  curl -sSi ${quoted(what.target + query)} --data-binary @- \\`,
    ...headers.map(({ name, value }) => `  -H ${quoted(`${name}: ${value}`)} \\`),
  ]
  const isChanged = what.isReplaced || headers.some(({ masked }) => masked)
  const note = isChanged
    ? `Credentials are replaced, so its signature does not match any more. ${PERSONAL_DATA}`
    : PERSONAL_DATA
  return { text: lines.join('\n').replace(/ \\$/, ''), note }
}

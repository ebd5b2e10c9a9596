import { bodyCommand, copiedHeaders, quoted } from './shell.js'
import { type Copied, PERSONAL_DATA, type ToCopy } from './to-copy.js'

/** Writes a delivery as a command that says why its signature is refused. */
export function asExplain(what: ToCopy): Copied {
  const { arrival, delivered } = what
  const provider = delivered.shown?.name
  const lines = [
    `${bodyCommand(what)} |`,
    `  npx mailbox-hooks explain --body - --at ${arrival.receivedAt.toISOString()} \\`,
    ...(provider === undefined ? [] : [`  --provider ${quoted(provider)} \\`]),
    ...copiedHeaders(what).map(({ name, value }) => `  --header ${quoted(`${name}: ${value}`)} \\`),
  ]
  const note = what.isReplaced
    ? `Credentials in the body are replaced, so it explains another body than the one that came. ${PERSONAL_DATA}`
    : PERSONAL_DATA
  return { text: lines.join('\n').replace(/ \\$/, ''), note }
}

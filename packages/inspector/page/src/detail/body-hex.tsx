import type { BodyView } from '../../../src/api.ts'
import { hexLines } from '../format/hex-lines.ts'
import { sizeText } from '../format/size.ts'

/** The bytes of the body, as far as the inspector sends them. */
export function BodyHex({ body }: { readonly body: BodyView }) {
  const lines = hexLines(body.hex)
  const shown = lines.map(({ offset, pairs, characters }) => `${offset}  ${pairs}  ${characters}`).join('\n')
  const isCut = body.size > 16 * lines.length
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: It scrolls, so the keyboard has to reach it. */}
      <pre class="hex" tabIndex={0}>
        {shown}
      </pre>
      {isCut && <p class="muted">The beginning only: the body has {sizeText(body.size)}.</p>}
    </>
  )
}

import { byteOrderMark, otherCharset, otherLineEndings, strayWhiteSpaceInBody } from './body-mistakes.js'
import { otherContent, otherUnit } from './content-mistakes.js'
import type { Change } from './diagnosis.js'
import type { Evidence } from './evidence.js'
import { otherEncoding, otherPrefix, otherTimeForm } from './header-mistakes.js'
import { reserialized } from './reserialized.js'
import { encodedSecret, otherProvider, strayQuotes, strayWhiteSpace } from './secret-mistakes.js'

/** A mistake people make: the changes that would undo it. */
export type Mistake = (evidence: Evidence) => Iterable<Change>

/** Those that leave headers which cannot be read. */
export const MISTAKES_OF_FORM: readonly Mistake[] = [otherEncoding, otherPrefix, otherTimeForm]

/** The mistakes that are known, the likelier and the simpler first. The first that fits is told. */
export const MISTAKES: readonly Mistake[] = [
  strayWhiteSpace,
  strayQuotes,
  otherProvider,
  ...MISTAKES_OF_FORM,
  strayWhiteSpaceInBody,
  byteOrderMark,
  otherLineEndings,
  otherCharset,
  otherContent,
  reserialized,
  encodedSecret,
  otherUnit,
]

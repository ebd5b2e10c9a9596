import {
  byteOrderMark,
  invisibleInBody,
  otherCharset,
  otherLineEndings,
  strayWhiteSpaceInBody,
} from './body-mistakes.js'
import { otherContent, otherUnit } from './content-mistakes.js'
import type { Change } from './diagnosis.js'
import type { Evidence } from './evidence.js'
import { otherEncoding, otherPrefix, otherScheme, otherTimeForm, spacedParts } from './header-mistakes.js'
import { reserialized } from './reserialized.js'
import {
  encodedSecret,
  escapedLineEnds,
  invisibleCharacters,
  otherProvider,
  strayQuotes,
  strayWhiteSpace,
} from './secret-mistakes.js'

/** A known mistake: returns the changes that would undo it. */
export type Mistake = (evidence: Evidence) => Iterable<Change>

/** The mistakes that leave malformed headers. */
export const MISTAKES_OF_FORM: readonly Mistake[] = [
  spacedParts,
  otherScheme,
  otherEncoding,
  otherPrefix,
  otherTimeForm,
]

/** All known mistakes, the likelier and simpler ones first. The first that matches is reported. */
export const MISTAKES: readonly Mistake[] = [
  strayWhiteSpace,
  invisibleCharacters,
  escapedLineEnds,
  strayQuotes,
  otherProvider,
  ...MISTAKES_OF_FORM,
  strayWhiteSpaceInBody,
  byteOrderMark,
  invisibleInBody,
  otherLineEndings,
  otherCharset,
  otherContent,
  reserialized,
  encodedSecret,
  otherUnit,
]

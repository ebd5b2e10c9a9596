import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, type Token, tokTypes } from 'acorn'
import { transformSync } from 'esbuild'
import { checkSync } from 'recheck'
import { describe, expect, it } from 'vitest'
import { publicPackages, REPOSITORY } from '../packaging/public-packages.js'

const sources = publicPackages()
  .map(({ folder }) => join(REPOSITORY, folder, 'src'))
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(folder, file)),
  )

function tokensOf(path: string): readonly Token[] {
  const { code } = transformSync(readFileSync(path, 'utf8'), { loader: 'ts' })
  const tokens: Token[] = []
  parse(code, { ecmaVersion: 'latest', sourceType: 'module', onToken: tokens })
  return tokens
}

interface RegularExpression {
  readonly pattern: string
  readonly flags: string
}

/** The parser's types leave out what a token of this kind carries. */
type RegularExpressionToken = Token & { readonly value: RegularExpression }

const isRegularExpression = (token: Token): token is RegularExpressionToken => token.type === tokTypes.regexp

const expressionsIn = (path: string) =>
  tokensOf(path)
    .filter(isRegularExpression)
    .map(({ value }) => value)

const all = new Map(
  sources.flatMap(expressionsIn).map(({ pattern, flags }) => [`/${pattern}/${flags}`, { pattern, flags }]),
)

/** Knows no references and no lookaheads, and takes too long for some counts. */
const PROOF = { checker: 'automaton', timeout: 2000 } as const

/** For the others. Takes an expression for slow where the machine is. */
const ATTEMPTS = { checker: 'fuzz', timeout: 200_000 } as const

describe('the regular expressions of all packages', () => {
  it.each([...all])(
    '%s takes time that grows with the text, and no faster',
    { timeout: 240_000 },
    (_expression, { pattern, flags }) => {
      const proof = checkSync(pattern, flags, PROOF)
      const checked = proof.status === 'unknown' ? checkSync(pattern, flags, ATTEMPTS) : proof
      expect(checked).toMatchObject({
        status: 'safe',
        complexity: { type: expect.stringMatching(/^(safe|linear)$/) },
      })
    },
  )

  it('are written out, so that this test sees them', () => {
    for (const path of sources) expect(readFileSync(path, 'utf8'), path).not.toMatch(/\bRegExp\(/)
  })

  it('are found', () => {
    expect([...all.keys()]).toContain('/^(0|[1-9]\\d{0,14})$/')
  })
})

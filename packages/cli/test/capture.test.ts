import { describe, expect, it } from 'vitest'
import { holdsCurl, readCurl } from '../src/capture/read-curl.js'
import { shellWords } from '../src/capture/shell-words.js'

describe('shellWords', () => {
  it.each<[string, string[]]>([
    [`a  b\tc\nd`, ['a', 'b', 'c', 'd']],
    [`'a b' "c d"e f\\ g`, ['a b', 'c de', 'f g']],
    [`'it'\\''s' ''`, ["it's", '']],
    [`"a \\"b\\" \\n $"`, ['a "b" \\n $']],
    [`$'tab\\there, \\u00eb, it\\'s' $x`, ["tab\there, ë, it's", '$x']],
    [`a$(date +%s)b "\`date\`" $ "$"`, ['a$(date +%s)b', '`date`', '$', '$']],
    ['one \\\n two', ['one', 'two']],
  ])('%j', (command, words) => {
    expect(shellWords(command).map(({ text }) => text)).toEqual(words)
  })

  it.each<[string, string | undefined]>([
    ['$SIG', '$SIG'],
    ['"X-Signature: $SIG"', '$SIG'],
    [`"X-Signature: "\${SIG}`, '$SIG'],
    ['"{\\"amount\\":\\"$5\\"}"', '$5'],
    ['"\\\\$SIG"', '$SIG'],
    [`\${SIG:-planted}`, '$SIG'],
    ['"$(sign --key planted)"', '$(…)'],
    ['$(date +%s)', '$(…)'],
    ['`date +%s`', '$(…)'],
    ["'$SIG'", undefined],
    ["$'$SIG'", undefined],
    ['\\$SIG"\\$SIG \\`"', undefined],
    ['"5 $, $ 5"', undefined],
  ])('knows in %s what a shell would expand: %s', (word, variable) => {
    expect(shellWords(word).find((found) => found.variable !== undefined)?.variable).toBe(variable)
  })
})

describe('readCurl', () => {
  it('takes headers and bodies in all their spellings', () => {
    const { headers, body } = readCurl(
      `curl http://x -HA:1 --header=b:2 -H 'C: 3' -H 'c: 4' --data-binary '{"a":1}' --data b`,
    )
    expect(headers).toEqual({ a: ['1'], b: ['2'], c: ['3', '4'] })
    expect(String(body)).toBe('{"a":1}&b')
  })

  it('finds the command in a script', () => {
    const script = "#!/bin/sh -e\ndate -d yesterday\nURL='http://x' TOKEN=abc curl \"$URL\" -H 'A: 1' -d b"
    expect(holdsCurl(script)).toBe(true)
    expect(readCurl(script)).toEqual({ headers: { a: ['1'] }, body: Buffer.from('b') })
    expect(['request.sh', './curl/request.sh', 'curl.sh'].filter(holdsCurl)).toEqual([])
  })
})

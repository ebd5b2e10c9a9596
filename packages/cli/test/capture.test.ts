import { describe, expect, it } from 'vitest'
import { readCurl } from '../src/capture/read-curl.js'
import { shellWords } from '../src/capture/shell-words.js'

describe('shellWords', () => {
  it.each<[string, string[]]>([
    [`a  b\tc\nd`, ['a', 'b', 'c', 'd']],
    [`'a b' "c d"e f\\ g`, ['a b', 'c de', 'f g']],
    [`'it'\\''s' ''`, ["it's", '']],
    [`"a \\"b\\" \\n $"`, ['a "b" \\n $']],
    [`$'tab\\there, \\u00eb, it\\'s' $x`, ["tab\there, ë, it's", '$x']],
    ['one \\\n two', ['one', 'two']],
  ])('%j', (command, words) => {
    expect(shellWords(command)).toEqual(words)
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
})

import { diagnose, openMail } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { cpuTimeOf } from '../../core/test/cpu-time.js'
import type { CapturedRequest } from '../src/capture/captured-request.js'
import { holdsCurl, readCurl } from '../src/capture/read-curl.js'
import { readHar } from '../src/capture/read-har.js'
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

  it.each([
    `curl x -sd '{"a":1}' -H'A: 1'`,
    `curl -isSd '{"a":1}' -sH 'A: 1' x`,
    `curl -sXPOST -sd'{"a":1}' x -sHA:1`,
    `curl -o -d -H 'A: 1' --data-binary '{"a":1}' x`,
    `/usr/bin/curl x -H 'A: 1' -d '{"a":1}'`,
    `curl.exe x -H 'A: 1' -d '{"a":1}'`,
    `C:\\Windows\\System32\\curl.exe x -H 'A: 1' -d '{"a":1}'`,
    `"C:\\Program Files\\curl.exe" x -H 'A: 1' -d '{"a":1}'`,
    `'/usr/bin/curl' x -H 'A: 1' -d '{"a":1}'`,
  ])('takes %s', (command) => {
    expect(holdsCurl(command)).toBe(true)
    expect(readCurl(command)).toEqual({ url: 'x', headers: { a: ['1'] }, body: Buffer.from('{"a":1}') })
  })

  it.each([
    [`--data-urlencode '{"a":"b c"}'`, '%7B%22a%22%3A%22b%20c%22%7D'],
    [`--data-urlencode 'payload={"a"=1}' -d b=2`, 'payload=%7B%22a%22%3D1%7D&b=2'],
    [`--data-urlencode "=it's (é)!*"`, 'it%27s%20%28%C3%A9%29%21%2A'],
    [`--data-raw '@me'`, '@me'],
    [`--data '-H x: y'`, '-H x: y'],
  ])('sends for %s what curl sends', (options, body) => {
    const request = readCurl(`curl x ${options}`)
    expect({ headers: request.headers, body: String(request.body) }).toEqual({ headers: {}, body })
  })

  it.each<[string, string | undefined]>([
    ["curl 'https://x/?tok=1' -H 'A: 1'", 'https://x/?tok=1'],
    ['curl -s --compressed -e https://y -d http://z https://x/?tok=1', 'https://x/?tok=1'],
    ['curl --referer https://y --url x/?tok=1', 'x/?tok=1'],
    ['curl --max-time 5 -XPOST localhost:3000/in?tok=1', 'localhost:3000/in?tok=1'],
    ['curl "$URL"', undefined],
  ])('finds the address of %s', (command, url) => {
    expect(readCurl(command).url).toBe(url)
  })

  it('finds the command in a script', () => {
    const script = "#!/bin/sh -e\ndate -d yesterday\nURL='http://x' TOKEN=abc curl \"$URL\" -H 'A: 1' -d b"
    expect(holdsCurl(script)).toBe(true)
    expect(readCurl(script)).toEqual({ headers: { a: ['1'] }, body: Buffer.from('b') })
    expect(['request.sh', './curl/request.sh', 'curl.sh', 'libcurl x', 'curl.example'].filter(holdsCurl)).toEqual([])
  })
})

describe('a capture of any size', () => {
  const PIECES = [
    '${',
    '${a',
    '$(',
    "$'",
    '$',
    '`',
    '"',
    "'",
    '\\',
    '\\"',
    '"\\"',
    "'\\''",
    '$"',
    '\\\n',
    '-',
    '-H ',
    '--data=',
    "-H 'a: 1' ",
    '-d a ',
    '{',
    ' a',
  ]

  it.each(PIECES)('that is a curl command of %j takes no time to speak of', (piece) => {
    const command = `curl http://x ${piece.repeat(60_000 / piece.length)}`
    const read = () => {
      try {
        return readCurl(command)
      } catch (error) {
        return error
      }
    }
    expect(cpuTimeOf(read)).toBeLessThan(600)
    expect(holdsCurl(command)).toBe(true)
  })

  const isSought = ({ headers }: CapturedRequest) => headers['x-signature'] !== undefined

  it.each([
    ['equal headers', 'X-Signature', 'X-Signature'],
    ['other headers', 'X-Signature', 'X-Other'],
  ])('that is a HAR file of 50,000 %s takes no time to speak of', (_what, first, name) => {
    const headers = [first, ...Array.from({ length: 50_000 }, () => name)].map((name) => ({ name, value: 'a' }))
    const text = JSON.stringify({ log: { entries: [{ request: { headers } }] } })
    expect(cpuTimeOf(() => readHar(text, isSought, 'a header'))).toBeLessThan(600)
    expect(readHar(text, isSought, 'a header').headers['x-signature']).toHaveLength(first === name ? 50_001 : 1)
  })

  it('is explained in no time to speak of, too', () => {
    const headers = { 'X-Signature': Array.from({ length: 50_000 }, () => 'a'.repeat(64)), 'X-Timestamp': '1767225600' }
    const explain = () => diagnose({ provider: openMail, secrets: ['a-secret'], headers, body: '{}' })
    expect(cpuTimeOf(explain)).toBeLessThan(1_500)
  })
})

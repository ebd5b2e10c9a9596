import { describe, expect, it } from 'vitest'
import { EntrySealer } from '../../src/journal/entry-sealer.js'

const KEY = Buffer.alloc(32, 7)
const HASH = 'a'.repeat(64)
const sealer = new EntrySealer('test', { sealingKeys: [KEY] }, '0'.repeat(32))

/** A content as each version has sealed it. */
const SEALED = {
  'format 1, with a key of its own by HKDF': 'jS6qIxcbk8ehELJ75nyD+3Od/TI3/XWVLjA2AxWwjGY4/MclHRB8EvmqUq/im8KbN2w=',
  'format 2, XAES-256-GCM': 'JQMOTnwPw1CHtpRp2GLRmzFH087HRYjsLD7qnqLiRI2MKAPbZFbkgihPPAygobdVG+zmJGLNjWSXjg==',
}

describe('a part that an earlier version has sealed', () => {
  it.each(Object.entries(SEALED))('opens: %s', (_, sealed) => {
    const opened = sealer.open('content', HASH, sealer.keyId, Buffer.from(sealed, 'base64'))
    expect(opened.toString()).toBe('what was delivered')
  })

  it.each(Object.entries(SEALED))('does not open as another part, of another entry, or changed: %s', (_, sealed) => {
    const bytes = Buffer.from(sealed, 'base64')
    const open = (part: 'meta' | 'content', hash: string, given: Buffer) => () =>
      sealer.open(part, hash, sealer.keyId, given)
    expect(open('meta', HASH, bytes)).toThrow('was changed, or belongs to another one')
    expect(open('content', 'b'.repeat(64), bytes)).toThrow('was changed, or belongs to another one')
    bytes[bytes.length - 1]! ^= 1
    expect(open('content', HASH, bytes)).toThrow('was changed, or belongs to another one')
  })
})

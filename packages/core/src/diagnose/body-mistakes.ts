import type { Change } from './diagnosis.js'
import type { Evidence } from './evidence.js'

const KEEP_BYTES = 'Pass the bytes to the receiver unchanged. No proxy, parser or logger may rewrite them.'

export function* strayWhiteSpaceInBody({ body }: Evidence): Iterable<Change> {
  const text = latin1(body)
  const changed = (message: string, signed: string): Change => ({
    code: 'body_white_space',
    message,
    advice: KEEP_BYTES,
    body: Buffer.from(signed, 'latin1'),
  })
  const trimmedEnd = text.trimEnd()
  if (text.endsWith('\n')) yield changed('A newline was added at the end of the body.', text.replace(/\r?\n$/, ''))
  if (trimmedEnd !== text) yield changed('White space was added at the end of the body.', trimmedEnd)
  if (text.trim() !== text) yield changed('White space was added around the body.', text.trim())
  yield changed('The newline at the end of the body was lost.', `${text}\n`)
  yield changed('The newline (CR LF) at the end of the body was lost.', `${text}\r\n`)
}

export function* otherLineEndings({ body }: Evidence): Iterable<Change> {
  const text = latin1(body)
  if (!text.includes('\n')) return
  const unix = text.replaceAll('\r\n', '\n')
  for (const [was, now, signed] of [
    ['CR LF', 'LF', unix.replaceAll('\n', '\r\n')],
    ['LF', 'CR LF', unix],
  ] as const) {
    yield {
      code: 'body_line_endings',
      message: `The line endings of the body were changed from ${was} to ${now}.`,
      advice: KEEP_BYTES,
      body: Buffer.from(signed, 'latin1'),
    }
  }
}

const BYTE_ORDER_MARK = Buffer.from('\uFEFF', 'utf8')

export function* byteOrderMark({ body }: Evidence): Iterable<Change> {
  const bytes = Buffer.from(body)
  const hasMark = bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
  yield {
    code: 'body_byte_order_mark',
    message: `A byte order mark was ${hasMark ? 'added to' : 'removed from'} the beginning of the body.`,
    advice: `${KEEP_BYTES} Editors and "UTF-8 with BOM" files also do this to captured bodies.`,
    body: hasMark ? bytes.subarray(BYTE_ORDER_MARK.length) : Buffer.concat([BYTE_ORDER_MARK, bytes]),
  }
}

export function* invisibleInBody({ body }: Evidence): Iterable<Change> {
  const text = Buffer.from(body).toString('utf8')
  const visible = text.replace(/[\u200b-\u200f\u2060\ufeff\u00ad]/g, '')
  if (visible === text) return
  yield {
    code: 'body_charset',
    message: 'Characters that cannot be seen (such as zero-width spaces) were added to the body.',
    advice: `${KEEP_BYTES} Copying a body from a web page or a chat does this, too.`,
    body: Buffer.from(visible, 'utf8'),
  }
}

export function* otherCharset({ body }: Evidence): Iterable<Change> {
  const bytes = Buffer.from(body)
  const utf8 = bytes.toString('utf8')
  const forms: [string, Buffer][] = [
    ['its UTF-8 was read as Latin-1 and written as UTF-8 again', Buffer.from(utf8, 'latin1')],
    ['its UTF-8 was read as Windows-1252 and written as UTF-8 again', fromWindows1252(utf8)],
    ['it was signed as UTF-8 and arrived as Latin-1', Buffer.from(latin1(body), 'utf8')],
    ['it was signed as UTF-16 and arrived as UTF-8', Buffer.from(utf8, 'utf16le')],
    ['it was signed as UTF-8 and arrived as UTF-16', Buffer.from(bytes.toString('utf16le'), 'utf8')],
  ]
  for (const [how, signed] of forms) {
    yield {
      code: 'body_charset',
      message: `The character set of the body was changed: ${how}.`,
      advice: KEEP_BYTES,
      body: signed,
    }
  }
}

/** The characters of Windows-1252 from 0x80 on, where Latin-1 has controls. `\0` stands for an unused one. */
const WINDOWS_1252 = '€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ'

function fromWindows1252(text: string): Buffer {
  return Buffer.from(
    text.replace(/[^\0-\xff]/g, (character) => String.fromCharCode(0x80 + WINDOWS_1252.indexOf(character))),
    'latin1',
  )
}

/** Returns one character for each byte. */
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

import { describe, expect, it } from 'vitest'
import { exitCodeOf } from '../src/scenario/exit-code.js'
import { judge } from '../src/scenario/judge.js'
import type { Part, Played } from '../src/scenario/played.js'

let nowMs = 0

/** A delivery of one event that was answered so, after those before it. */
function played(part: Part, status: number | undefined, body = '', also: Partial<Played> = {}): Played {
  nowMs += 10
  return {
    scenario: 'message',
    provider: 'openmail',
    event: 'message.received',
    label: '',
    part,
    eventKey: 1,
    isWrittenOtherwise: false,
    answer: status === undefined ? undefined : { status, body },
    startedAtMs: nowMs,
    endedAtMs: nowMs + 5,
    ...also,
  }
}

const reasons = (rows: readonly Played[]) => judge(rows).rows.map(({ reason }) => reason)

describe('judge', () => {
  it.each([
    ['{"received":true,"duplicate":false}', '{"received":true,"duplicate":true}'],
    ['{"ok":true,"alreadyProcessed": false}', '{"ok":true,"alreadyProcessed": true}'],
    ['{"is_duplicate":0}', '{"is_duplicate":1}'],
    ['{"duplicate_of":null}', '{"duplicate_of":"evt_1"}'],
    ['{"duplicates":[]}', '{"duplicates":["evt_1"]}'],
    ['{"duplicate":"false"}', '{"duplicate":"true"}'],
    ['duplicate=false', 'duplicate=true'],
    ['not a duplicate', 'a duplicate'],
    ['{"message":"no duplicate"}', '{"message":"no, already handled"}'],
    ['{"status":"processed"}', '{"status":"already processed"}'],
    ['{"error":false,"duplicate":false}', '{"error":false,"message":"already seen"}'],
  ])('takes %s for a new event, and %s for a duplicate', (fresh, duplicate) => {
    expect(reasons([played('new', 200, fresh), played('duplicate', 200, duplicate)])).toEqual([undefined, undefined])
    expect(reasons([played('new', 200, duplicate), played('duplicate', 200, duplicate)])[0]).toMatch(/event is lost/)
    const [, again] = reasons([
      played('new', 200, fresh),
      played('duplicate', 200, fresh),
      played('new', 200, fresh, { eventKey: 2 }),
      played('duplicate', 200, duplicate, { eventKey: 2 }),
    ])
    expect(again).toBe('answered like a new event: handled again')
  })
  it('asks for the secret when the provider is refused however its JSON is written, and not for it otherwise', () => {
    const otherwise = { eventKey: 2, isWrittenOtherwise: true }
    const [plain, written] = reasons([played('new', 401), played('new', 401, '', otherwise)])
    expect([plain, written]).toEqual(
      Array(2).fill('a genuine delivery was refused: does the receiver have this secret?'),
    )
    expect(reasons([played('new', 200), played('new', 401, '', otherwise)])[1]).toMatch(/does not verify the raw bytes/)
    expect(reasons([played('forged', 200), played('new', 401, '', otherwise)])[1]).toMatch(/this secret/)
    expect(reasons([played('new', 200, '', { provider: 'inboxkit' }), played('new', 401, '', otherwise)])[1]).toMatch(
      /this secret/,
    )
  })
})

describe('exitCodeOf', () => {
  const right = played('new', 200)
  const wrong = played('new', 401)
  const silent = played('new', undefined)

  it.each<[string, number, Played[], string[]]>([
    ['all right', 0, [right], []],
    ['all right as far as there was time', 1, [right], ['message']],
    ['one wrong', 1, [right, wrong], []],
    ['one without an answer', 1, [wrong, silent], []],
    ['none answered', 3, [silent, silent], []],
    ['none answered as far as there was time', 3, [silent, silent], ['message']],
  ])('%s: %i', (_what, exitCode, rows, unfinished) => {
    expect(exitCodeOf(judge(rows), unfinished)).toBe(exitCode)
  })
})

import type { ComponentChildren } from 'preact'
import type { Row } from '../../../src/api.ts'
import { clockTime, dayOf, durationText } from '../format/time.ts'
import { VERDICTS } from '../format/verdict.ts'
import { Status, Verdict } from '../parts/verdict.tsx'
import { now } from '../state/clock.ts'
import { titleOf } from '../state/overview.ts'
import { ROW_PX } from './columns.ts'

interface Props {
  readonly row: Row
  readonly index: number
  readonly isCursor: boolean
}

export const rowId = (key: string) => `row-${key}`

export function DeliveryRow({ row, index, isCursor }: Props) {
  // Header and page count from 1.
  return (
    <div
      role="row"
      id={rowId(row.key)}
      class={`row tone-${VERDICTS[row.state].tone}`}
      data-key={row.key}
      data-state={row.state}
      aria-rowindex={index + 2}
      aria-selected={isCursor}
      style={{ transform: `translateY(${index * ROW_PX}px)` }}
    >
      <Cell name="time">
        <Time at={row.at} />
      </Cell>
      <Cell name="verdict" title={row.code}>
        <Verdict state={row.state} />
        {row.code !== undefined && <span class="code">{row.code}</span>}
      </Cell>
      <Cell name="provider">{titleOf(row.provider)}</Cell>
      <Cell name="type" title={row.type}>
        {row.type ?? '–'}
        {row.kind === 'refusal' && <span class="code code-instead">{row.code}</span>}
      </Cell>
      <Cell name="about" title={row.about}>
        {row.about ?? '–'}
      </Cell>
      <Cell name="answer">{row.state === 'received' ? '–' : <Status status={row.status} />}</Cell>
      <Cell name="took">{durationText(row.durationMs)}</Cell>
      <Cell name="tries">{row.attempts}</Cell>
    </div>
  )
}

interface CellProps {
  readonly name: string
  readonly title?: string | undefined
  readonly children: ComponentChildren
}

function Cell({ name, title, children }: CellProps) {
  return (
    <div role="gridcell" class={`cell cell-${name}`} title={title}>
      {children}
    </div>
  )
}

function Time({ at }: { readonly at: number }) {
  const isToday = dayOf(at) === dayOf(now.peek())
  return (
    <>
      {!isToday && <span class="day">{dayOf(at)}</span>}
      {clockTime(at).slice(0, -4)}
      <span class="thousandths">{clockTime(at).slice(-4)}</span>
    </>
  )
}

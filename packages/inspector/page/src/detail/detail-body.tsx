import type { AttemptDetail, Detail } from '../../../src/api.ts'
import { shownAttempt } from '../state/detail.ts'
import { Actions } from './actions.tsx'
import { Answer } from './answer.tsx'
import { Attempts } from './attempts.tsx'
import { Differences } from './differences.tsx'
import { Facts } from './facts.tsx'
import { RequestSection } from './request-section.tsx'
import { Timeline } from './timeline.tsx'
import { WhyFailed } from './why-failed.tsx'
import { WhyRefused } from './why-refused.tsx'

export function DetailBody({ detail }: { readonly detail: Detail }) {
  const attempt = chosenAttempt(detail.attempts)
  return (
    <div class="detail-body">
      <WhyRefused detail={detail} />
      <WhyFailed detail={detail} attempt={attempt} />
      <Actions detail={detail} />
      <Facts detail={detail} attempt={attempt} />
      <Attempts attempts={detail.attempts} shown={attempt} />
      {attempt !== undefined && <Timeline attempt={attempt} nextAttemptAt={detail.nextAttemptAt} />}
      <Differences attempts={detail.attempts} shown={attempt} />
      {attempt !== undefined && <RequestSection detail={detail} attempt={attempt} />}
      {attempt?.answer !== undefined && <Answer answer={attempt.answer} />}
    </div>
  )
}

function chosenAttempt(attempts: readonly AttemptDetail[]): AttemptDetail | undefined {
  return attempts.find(({ number }) => number === shownAttempt.value) ?? attempts.at(-1)
}

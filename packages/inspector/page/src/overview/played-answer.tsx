import { signal } from '@preact/signals'
import type { DoRequest } from '../../../src/api.ts'
import { messageOf, post } from '../server/client.ts'
import { overview } from '../state/overview.ts'

type Answer = NonNullable<DoRequest['answer']>

const ANSWERS: readonly (readonly [answer: Answer, title: string])[] = [
  ['application', 'Application'],
  ['500', '500'],
  ['late', 'Late'],
  ['never', 'Never'],
]

const EFFECTS: Readonly<Record<Exclude<Answer, 'application'>, string>> = {
  '500': 'Each delivery is answered 500, and your application gets none.',
  late: 'Each answer of your application is held back for 30 seconds.',
  never: 'No delivery is answered, and your application gets none.',
}

const failure = signal<string | undefined>(undefined)

/** Lets `listen` answer in the application's place, to see what the provider does. */
export function PlayedAnswer() {
  const { listens = false, answer: current = 'application' } = overview.value ?? {}
  if (!listens) return null
  return (
    <fieldset class="played-answer">
      <legend>Answer</legend>
      {ANSWERS.map(([answer, title]) => (
        <label key={answer} class="segment">
          <input type="radio" name="answer" checked={answer === current} onChange={() => choose(answer)} />
          <span>{title}</span>
        </label>
      ))}
    </fieldset>
  )
}

/** Says so while the application does not answer itself. */
export function PlayedAnswerNotice() {
  const { answer = 'application' } = overview.value ?? {}
  if (failure.value !== undefined) return <div class="notice is-warning">{failure.value}</div>
  if (answer === 'application') return null
  return (
    <div class="notice" role="status">
      <p>{EFFECTS[answer]}</p>
      <button type="button" class="button" onClick={() => choose('application')}>
        Let it answer
      </button>
    </div>
  )
}

async function choose(answer: Answer): Promise<void> {
  const before = overview.value?.answer ?? 'application'
  show(answer)
  failure.value = undefined
  try {
    await post('/api/do', { what: 'answer', answer } satisfies DoRequest)
  } catch (error) {
    show(before)
    failure.value = messageOf(error)
  }
}

/** At once, because the inspector tells of it with its next overview only. */
function show(answer: Answer): void {
  if (overview.value !== undefined) overview.value = { ...overview.value, answer }
}

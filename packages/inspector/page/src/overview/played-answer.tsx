import { signal } from '@preact/signals'
import type { DoRequest } from '../../../src/api.ts'
import { messageOf, post } from '../server/client.ts'
import { overview } from '../state/overview.ts'

type Answer = NonNullable<DoRequest['answer']>

const ANSWERS: readonly (readonly [Answer, string])[] = [
  ['application', 'Application'],
  ['500', '500'],
  ['late', 'Late'],
  ['never', 'Never'],
]

const chosen = signal<Answer>('application')
const failure = signal<string | undefined>(undefined)

/** Lets `listen` answer in the application's place, to see what the provider does. */
export function PlayedAnswer() {
  if (!overview.value?.listens) return null
  const current = overview.value.answer ?? chosen.value
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

const EFFECTS = {
  '500': 'Each delivery is answered 500 in place of your application.',
  late: 'Each delivery is answered late in place of your application.',
  never: 'No delivery is answered. The provider times out.',
} as const

/** Says so while the application gets nothing. */
export function PlayedAnswerNotice() {
  const current = overview.value?.answer ?? chosen.value
  if (failure.value !== undefined) return <div class="notice is-warning">{failure.value}</div>
  if (!overview.value?.listens || current === 'application') return null
  return (
    <div class="notice" role="status">
      <p>{EFFECTS[current]} Your application gets nothing.</p>
      <button type="button" class="button" onClick={() => choose('application')}>
        Let it answer
      </button>
    </div>
  )
}

async function choose(answer: Answer): Promise<void> {
  const before = chosen.value
  chosen.value = answer
  failure.value = undefined
  try {
    await post('/api/do', { what: 'answer', answer } satisfies DoRequest)
  } catch (error) {
    chosen.value = before
    failure.value = messageOf(error)
  }
}

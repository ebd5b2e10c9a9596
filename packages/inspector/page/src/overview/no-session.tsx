import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { hasPassword, openByPassword } from '../server/session.ts'

/** Stands in place of everything, because without a session nothing can be read. */
export function NoSession() {
  const takesPassword = useSignal(false)
  useEffect(() => {
    void hasPassword().then((has) => {
      takesPassword.value = has
    })
  }, [takesPassword])
  return (
    <main class="no-session">
      <h1>{takesPassword.value ? 'Open the inspector' : 'This link has been used, or the inspector was restarted'}</h1>
      {takesPassword.value && <PasswordForm />}
      <p>
        A link lets one tab in, once. Open the newest link that the terminal printed: it ends in <code>#t=…</code>
      </p>
      <p class="muted">No link there? Restart your application: it prints one at its start.</p>
    </main>
  )
}

function PasswordForm() {
  const password = useSignal('')
  const fault = useSignal('')
  const open = async (submit: Event) => {
    submit.preventDefault()
    fault.value = (await openByPassword(password.value)) ?? ''
  }
  return (
    <form class="password" onSubmit={open}>
      <label class="field">
        <span>Password</span>
        <input
          type="password"
          autocomplete="current-password"
          value={password.value}
          onInput={(input) => {
            password.value = input.currentTarget.value
          }}
        />
      </label>
      <button type="submit" class="button is-primary">
        Open
      </button>
      <p class="tone-bad" role="alert">
        {fault.value}
      </p>
    </form>
  )
}

import { Dialog } from '../parts/dialog.tsx'
import { isSending } from './is-sending.ts'
import { SendForm } from './send-form.tsx'

export function SendDialog() {
  return (
    <Dialog title="Send a sample" isOpen={isSending}>
      <SendForm />
    </Dialog>
  )
}

import { editPayload, isEdited, payloadFault, payloadText, resetPayload } from './sample.ts'

/** The payload as JSON, checked while it is written. */
export function PayloadField() {
  const fault = payloadFault.value
  return (
    <div class="field">
      <div class="field-head">
        <label for="payload">Payload</label>
        {isEdited.value && (
          <button type="button" class="button is-quiet is-small" onClick={resetPayload}>
            Back to the sample
          </button>
        )}
      </div>
      <textarea
        id="payload"
        class="payload"
        rows={14}
        spellcheck={false}
        value={payloadText.value}
        aria-invalid={fault !== undefined}
        aria-describedby="payload-fault"
        onInput={(input) => editPayload(input.currentTarget.value)}
      />
      <p id="payload-fault" class="field-fault tone-bad" aria-live="polite">
        {fault === undefined ? '' : `Not JSON: ${fault}`}
      </p>
    </div>
  )
}

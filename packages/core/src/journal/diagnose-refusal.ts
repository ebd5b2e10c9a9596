import { type DiagnoseOptions, diagnose } from '../diagnose/diagnose.js'
import type { Diagnosis } from '../diagnose/diagnosis.js'
import type { SecretsOption } from '../signature/secrets.js'
import type { JournalRefusal } from './journal.js'
import type { KnownReceivers } from './known-receivers.js'

/** Tries the secrets of the receivers, those of each account by themselves. Undefined if nobody knows the provider. */
export function diagnoseKnown(
  refusal: JournalRefusal,
  receivers: KnownReceivers,
  given: DiagnoseOptions['provider'] | undefined,
): Diagnosis | undefined {
  const otherSecrets = receivers.secretsBeside(refusal.provider)
  let unexplained: Diagnosis | undefined
  for (const { provider, secrets, withSecrets } of receivers.providers) {
    const create = given ?? withSecrets
    if (provider.name !== refusal.provider || secrets === undefined || create === undefined) continue
    const diagnosis = diagnoseWith(create, secrets, refusal, otherSecrets)
    if (diagnosis.verdict !== 'unexplained') return diagnosis
    unexplained ??= diagnosis
  }
  return unexplained
}

export function diagnoseWith(
  provider: DiagnoseOptions['provider'],
  secrets: SecretsOption,
  { headers, body = new Uint8Array(), at }: JournalRefusal,
  otherSecrets: Record<string, SecretsOption> = {},
): Diagnosis {
  return diagnose({ provider, secrets, headers, body, otherSecrets, now: at.getTime() })
}

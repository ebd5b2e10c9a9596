import type { Diagnosis } from './diagnosis.js'
import type { Evidence } from './evidence.js'
import { PUBLIC_KEY_NEEDED, SECRET_NEEDED } from './findings.js'

/** Both kinds of keys of Standard Webhooks can be configured, and a signature of the other kind matches neither. */
export function otherAlgorithm({ signature, secrets }: Evidence): Diagnosis | undefined {
  const versions = signature.split(' ').map((text) => /^v1a?(?=,)/.exec(text)?.[0])
  const kinds = secrets.map((secret) => /^wh(?:sec|pk)_/.exec(Buffer.from(secret).toString())?.[0])
  if (versions.every((version) => version === 'v1a') && kinds.every((kind) => kind === 'whsec_'))
    return PUBLIC_KEY_NEEDED
  if (versions.every((version) => version === 'v1') && kinds.every((kind) => kind === 'whpk_')) return SECRET_NEEDED
  return undefined
}

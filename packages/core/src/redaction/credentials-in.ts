import { credentialNames } from './credential-names.js'

/**
 * Returns the texts and numbers in the fields that `redact` would hide, at any depth.
 *
 * @param also more field names that hold credentials
 */
export function credentialsIn(value: unknown, also: readonly string[]): string[] {
  const isCredential = credentialNames(also)
  const found: string[] = []
  const open: { readonly value: unknown; readonly isHidden: boolean }[] = [{ value, isHidden: false }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, isHidden } = next
    if (typeof value === 'string' || typeof value === 'number') {
      if (isHidden) found.push(String(value))
    } else if (Array.isArray(value)) {
      for (const item of value) open.push({ value: item, isHidden })
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, field] of Object.entries(value)) {
        open.push({ value: field, isHidden: isHidden || isCredential(name) })
      }
    }
  }
  return found
}

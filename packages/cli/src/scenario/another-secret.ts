import { generateKeyPairSync, randomBytes } from 'node:crypto'

/** Returns a secret of the same form with which no receiver verifies. */
export function anotherSecret(secret: string): string {
  if (secret.startsWith('whsk_')) return `whsk_${randomBytes(32).toString('base64')}`
  if (!secret.includes('PRIVATE KEY')) return `not-${secret}`
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
}

/** A parameter of a URL or of a connection string. Shorter values say nothing. */
const PARAMETER = /[?&#;][\w.-]{1,40}=([^&#;\s]{8,})/g

/** Returns a secret and the parts of it that are secrets themselves: what stands for a password in a URL, or behind a scheme. */
export function partsOfSecret(secret: string): string[] {
  const [, scheme, behind = ''] = /^(Bearer|Basic) (.+)$/i.exec(secret) ?? []
  if (scheme !== undefined) return [secret, behind]
  if (!secret.includes('://')) return [secret]
  const [, password] = /:\/\/[^/?#@:]*:([^/?#@]+)@/.exec(secret) ?? []
  const parameters = Array.from(secret.matchAll(PARAMETER), ([, value]) => value!)
  return [secret, ...(password === undefined ? [] : [password]), ...parameters]
}

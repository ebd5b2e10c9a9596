/** A published verifier, on the scheme it is made for. */
export interface Peer {
  readonly name: string
  /** What it is compared with: verifying alone, or verifying and parsing. */
  readonly floor: 'A' | 'B'
  /** Signs a body; what is returned accepts it, and refuses another by throwing or with false. */
  prepare(body: Buffer): Promise<Check>
}

export type Check = (body: Buffer) => unknown

/** Whether a body is accepted. */
export async function accepts(check: Check, body: Buffer): Promise<boolean> {
  try {
    return (await check(body)) !== false
  } catch {
    // Most of them refuse by throwing.
    return false
  }
}

export const SECRET = 'a3f1c9a7e5b2d4860a1c3e5f7a9b0c2d'

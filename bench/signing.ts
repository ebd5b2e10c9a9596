import { createHmac } from 'node:crypto'

export const SECRET = 'whsec_3f1c9a7e5b2d4860a1c3e5f7'

/** OpenMail's signature: over the time, a dot and the body. */
export const signatureOf = (timestamp: string, body: Uint8Array) =>
  createHmac('sha256', SECRET).update(`${timestamp}.`).update(body).digest()

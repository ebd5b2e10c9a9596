/**
 * How a secret spells its key.
 *
 * - `'text'`: its characters are the key.
 * - `'base64'`, `'hex'`: it spells the bytes of the key.
 * - `'standard-webhooks'`: `whsec_` and base64 for an HMAC, `whpk_` and base64 for ed25519. The prefix decides, so that a
 *   public key never serves as the key of an HMAC.
 * - `'spki'`: a public key, in PEM or as the base64 of its DER.
 */
export type KeyForm = (typeof KEY_FORMS)[number]

export const KEY_FORMS = ['text', 'base64', 'hex', 'standard-webhooks', 'spki'] as const

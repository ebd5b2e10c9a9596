import type { Diagnosis } from './diagnosis.js'

// What is found without trying a change.

export const ACCEPTED: Diagnosis = {
  verdict: 'accepted',
  code: 'accepted',
  message: 'The signature matches and the time is within its window.',
}

export const SECRET_MISSING: Diagnosis = {
  verdict: 'explained',
  code: 'secret_missing',
  message: 'There is no secret to verify with.',
  advice: 'Is its environment variable set in the receiving process?',
}

export const SIGNATURE_MISSING: Diagnosis = {
  verdict: 'explained',
  code: 'signature_missing',
  message: 'The request has no signature header of this provider.',
  advice: 'Is it another provider, or does a proxy remove unknown headers?',
}

export const incomplete = (missing: readonly string[]): Diagnosis => ({
  verdict: 'explained',
  code: 'headers_incomplete',
  message: `The request has a signature, but lacks ${missing.join(' and ')}.`,
  advice: 'The provider signs these headers together. Does a proxy remove one, or were they captured in part?',
})

export const PUBLIC_KEY_NEEDED: Diagnosis = {
  verdict: 'explained',
  code: 'signature_algorithm',
  message: 'The signature is v1a, made with a private key, and only secrets whsec_… are configured.',
  advice: 'Configure the public key whpk_… that the provider shows, or let the provider sign with v1.',
}

export const SECRET_NEEDED: Diagnosis = {
  verdict: 'explained',
  code: 'signature_algorithm',
  message: 'The signature is v1, made with a shared secret, and only public keys whpk_… are configured.',
  advice: 'Configure the secret whsec_… that the provider shows, or let the provider sign with v1a.',
}

export const BODY_MISSING: Diagnosis = {
  verdict: 'explained',
  code: 'body_missing',
  message: 'There is no body, and the signature does not match an empty one.',
  advice:
    'Capture the request with its body, because most signatures cover it. If the signature is made of the secret ' +
    'alone, as at InboxKit, the secret is wrong.',
}

export const FORM_ADVICE =
  'Compare the header with the one that the provider sends. A proxy or the sender has changed it.'

export const MILLISECONDS: Diagnosis = {
  verdict: 'explained',
  code: 'timestamp_unit',
  message: 'The signature is right, but the time is in milliseconds instead of seconds.',
  advice: 'Write the time in seconds. The sender must change this.',
}

export const CLOCK_ADVICE =
  'The signature is right. Synchronise both clocks with NTP. For a captured request, pass its time of receipt.'

export const NONE_FITS: Diagnosis = {
  verdict: 'unexplained',
  code: 'none_fits',
  message: 'The signature is wrong, and no known mistake explains it.',
  advice:
    'Most likely the sender signs with another secret, or the body was changed. Compare the secret with the one that ' +
    'the provider shows, and capture the raw bytes of the request.',
}

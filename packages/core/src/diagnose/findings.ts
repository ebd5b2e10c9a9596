import type { Diagnosis, DiagnosisCode } from './diagnosis.js'

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

/** The signature or the time is not written as this provider writes it. */
export const malformed = (code: DiagnosisCode, message: string, expected: string): Diagnosis => ({
  verdict: 'explained',
  code,
  message,
  advice: `Compare it with what the provider sends: a proxy or the sender has changed it. Expected is ${expected}.`,
})

export const addressUnknown = (parameter: string): Diagnosis => ({
  verdict: 'explained',
  code: 'signature_missing',
  message: `The address of the request is not known, and the query parameter ${parameter} holds this provider's secret.`,
  advice: 'Pass the address with its query: `url` of diagnose, `--url` of the command line.',
})

export const parameterMissing = (parameter: string): Diagnosis => ({
  verdict: 'explained',
  code: 'signature_missing',
  message: `The address of the request has no query parameter ${parameter}.`,
  advice: 'Is it in the address that the provider has, or does a proxy or a log remove the query?',
})

export const fieldMissing = (field: string): Diagnosis => ({
  verdict: 'explained',
  code: 'signature_missing',
  message: `The body has no text in its field ${field}, or an item of its list has none.`,
  advice: 'Is it another provider, or is the secret not set there?',
})

export const unreadable = (field: string): Diagnosis => ({
  verdict: 'explained',
  code: 'signature_missing',
  message: `The body cannot be parsed, and its field ${field} holds the signature of this provider.`,
  advice: 'Capture the request with its whole body, and look at how the body is written.',
})

export const TOKEN_WRONG: Diagnosis = {
  verdict: 'unexplained',
  code: 'none_fits',
  message: 'The request shows another secret than the configured one, and no known mistake explains it.',
  advice: 'Compare the configured secret with the one that the provider sends.',
}

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

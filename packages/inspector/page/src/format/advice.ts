interface Advice {
  readonly reason: string
  readonly advice: string
}

/** What is known from the code alone, for a refusal without a diagnosis. */
const BY_CODE: Readonly<Record<string, Advice>> = {
  provider_unknown: {
    reason: 'The request has no signature header of any configured provider.',
    advice: 'Add the provider to `providers`, or check that a proxy passes its headers on. Ignore scanners.',
  },
  signature_missing: {
    reason: 'The signature header is there, but empty.',
    advice: 'Look at the proxy or test that sends the request.',
  },
  signature_repeated: {
    reason: 'The signature or its time is there twice.',
    advice: 'Look for a proxy that adds headers instead of replacing them.',
  },
  signature_malformed: {
    reason: 'The signature header does not have the form of a signature.',
    advice: 'Compare the header with the one that the provider documents.',
  },
  signature_invalid: {
    reason: 'The signature matches none of the secrets.',
    advice: 'Compare the secret with the one that the provider shows, and make sure that nothing changes the body.',
  },
  timestamp_invalid: {
    reason: 'The delivery is too old, too far ahead, or its time is missing.',
    advice: 'Check the clock of this machine, then look for a queue or proxy that holds requests back.',
  },
  body_too_large: {
    reason: 'The body is larger than `limitBytes`.',
    advice: 'Raise `limitBytes` if genuine deliveries are this large.',
  },
  body_invalid: {
    reason: 'The body is authentic, but not a JSON object in UTF-8.',
    advice: 'Read the bytes below, and report them to the provider.',
  },
  body_already_read: {
    reason: 'Something read the body before the receiver did.',
    advice: 'Mount the receiver before any body parser, or keep the bytes as `rawBody`.',
  },
  encoding_unsupported: {
    reason: 'The body is compressed, and no provider compresses it.',
    advice: 'Switch off compression of requests in the proxy.',
  },
  method_not_allowed: { reason: 'The request is not a POST.', advice: 'Mount the receiver on a POST route.' },
}

export const adviceFor = (code: string | undefined): Advice | undefined =>
  code === undefined ? undefined : BY_CODE[code]

/** Makes each row end sooner. */
export const earlier = (table: string, ms: number) =>
  ['', '_entities']
    .map((suffix) => `UPDATE "${table}${suffix}" SET expires_at = expires_at - interval '${ms} milliseconds'`)
    .join(';')

/**
 * A secret that is taken as it is, whatever is wrong with it: `diagnose` tries the mistakes that `checkSecrets` refuses.
 */
export class ExactSecret extends Uint8Array {}

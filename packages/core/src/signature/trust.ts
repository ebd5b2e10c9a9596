/**
 * What a signature covers: the body and its timestamp, the body alone, or neither. `'sender'` proves who sent the request,
 * and nothing about its body.
 */
export type Trust = 'body+timestamp' | 'body' | 'sender'

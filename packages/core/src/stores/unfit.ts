import { StoreFailure } from './store-failure.js'

/** Makes the failure of a client or of its sessions, with a sentence that says what to change. */
export const unfit = (sentence: string) => new StoreFailure(new Error(sentence), sentence)

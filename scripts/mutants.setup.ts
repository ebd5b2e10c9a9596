import { inject } from 'vitest'

/** The thread stays, and with it the last mistake. What a test file does when it is loaded is done without one. */
const stryker = (globalThis as { __stryker__?: { activeMutant?: string | undefined } }).__stryker__
if (stryker !== undefined && inject('mutantActivation' as never) !== 'static') stryker.activeMutant = undefined

/** All processes know the old key; the new one is known after a deployment. */
export const OLD_KEY = Buffer.alloc(32, 'old key')
export const NEW_KEY = Buffer.alloc(32, 'new key')

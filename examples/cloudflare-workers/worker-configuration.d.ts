/** The parts used of the runtime's own module, with the bindings of wrangler.jsonc and the secrets of .env.example. */
declare module 'cloudflare:workers' {
  export const env: {
    readonly CMR_API_KEY: string
    readonly INBOXKIT_API_KEY: string
    readonly OPENMAIL_WEBHOOK_SECRET: string
    readonly WEBHOOK_STORE: import('@mailbox-hooks/core/durable-object').ObjectNamespaceLike
  }
  export function waitUntil(work: Promise<unknown>): void
}

import { failed, ok } from './reply.js'
import type { Routes } from './router.js'
import type { Sessions } from './sessions.js'

/** How a page gets its session. These routes need none, and tell nothing else. */
export const sessionRoutes = (sessions: Sessions): Routes => ({
  'GET session': () => ok({ password: sessions.hasPassword }),
  'POST session': ({ body }) => {
    const { token, password } = Object(body) as { readonly token?: unknown; readonly password?: unknown }
    if (typeof password === 'string') {
      const session = sessions.beginByPassword(password)
      if (session === 'too-many') return failed(429, 'Too many wrong passwords. Wait a minute.')
      return session === undefined ? failed(401, 'The password is wrong.') : ok({ session })
    }
    const session = typeof token === 'string' ? sessions.beginByLink(token) : undefined
    return session === undefined ? failed(401, 'The link was used, or the process was restarted.') : ok({ session })
  },
})

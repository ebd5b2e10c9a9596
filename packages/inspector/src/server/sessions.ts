import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** Old sessions end when there are more than so many. */
const MAX_SESSIONS = 50
/** So many wrong passwords a minute. Tokens are too long to be tried. */
const MAX_WRONG = 10
const MINUTE_MS = 60_000

/** Exchanges the token of a link, or the password, for a session. Everything ends with the process. */
export class Sessions {
  readonly #password: string | undefined
  readonly #sessions: string[] = []
  #link = newToken()
  /** When passwords were wrong, in the last minute. */
  #wrong: number[] = []

  constructor(password: string | undefined) {
    this.#password = password
  }

  /** The token for the next link. A link works once; then there is another one. */
  get link(): string {
    return this.#link
  }

  get hasPassword(): boolean {
    return this.#password !== undefined
  }

  /** Returns a new session, or undefined for a wrong or spent token. */
  beginByLink(token: string): string | undefined {
    if (!isSame(token, this.#link)) return undefined
    this.#link = newToken()
    return this.#begin()
  }

  /** Returns a new session, `'too-many'` after ten wrong passwords in a minute, or undefined for a wrong one. */
  beginByPassword(password: string): string | 'too-many' | undefined {
    const now = performance.now()
    this.#wrong = this.#wrong.filter((at) => at > now - MINUTE_MS)
    if (this.#wrong.length >= MAX_WRONG) return 'too-many'
    if (this.#password !== undefined && isSame(password, this.#password)) return this.#begin()
    this.#wrong.push(now)
    return undefined
  }

  /** Whether an `Authorization` header holds a session. */
  has(authorization: string | undefined): boolean {
    const [, token] = /^Bearer ([\w-]{43})$/.exec(authorization ?? '') ?? []
    return token !== undefined && this.#sessions.some((session) => isSame(token, session))
  }

  #begin(): string {
    const session = newToken()
    this.#sessions.push(session)
    if (this.#sessions.length > MAX_SESSIONS) this.#sessions.shift()
    return session
  }
}

const newToken = () => randomBytes(32).toString('base64url')

/** Hashed, so that texts of any length can be compared in constant time. */
const isSame = (one: string, other: string) => timingSafeEqual(hash(one), hash(other))

const hash = (text: string) => createHash('sha256').update(text).digest()

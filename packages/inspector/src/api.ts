// The contract between the inspector's server and its page. All bodies are JSON, all times milliseconds since 1970.
// Every route below but the shell and its assets needs `Authorization: Bearer <session token>`.
//
//   GET  /api/session                                           → { password: boolean }  whether a password lets in, too; needs no session
//   POST /api/session            { token } or { password }      → { session }          the one-time token of the URL's fragment (#t=…); needs no session
//   GET  /api/overview                                          → Overview
//   GET  /api/rows?provider&type&state&code&about&after&limit   → RowPage   newest first; several states are joined by commas; a page may hold a few more than `limit`
//   GET  /api/stream?…same filters                              → application/x-ndjson, one StreamLine a line
//   GET  /api/details/:key                                      → Detail              key = Row.key, URL-encoded
//   POST /api/reveal             { key, attempt, path }         → { value }           one credential; logged by the server. `path` as in
//                                                                BodyView.credentials, or `header:<name>`, `query:<name>`
//   POST /api/do                 DoRequest                      → DoResult
//   GET  /api/catalog                                           → CatalogProvider[]
//   GET  /api/copy/:key?as=curl|explain|vitest                  → { text, note? }
//
// Errors: { error: string } with 400 (bad input), 401 (no session), 403 (cross-site), 404, 409 (cannot be done now), 413.

/** One line of the list: an entry of the journal, or a refusal. */
export interface Row {
  /** `e:<entry id>` or `r:<refusal id>`: unique, and stable while the entry changes. */
  readonly key: string
  readonly kind: 'entry' | 'refusal'
  readonly id: string
  readonly at: number
  readonly provider?: string
  readonly account?: string
  readonly type?: string
  /** What the event is about: the entity, or the first address. */
  readonly about?: string
  readonly state: 'received' | 'handled' | 'failed' | 'queued' | 'dead' | 'refused'
  /** The code of a refusal or of the last attempt. */
  readonly code?: string
  /** The last answered status; 0: none. */
  readonly status: number
  readonly durationMs: number
  readonly attempts: number
}

export interface RowPage {
  readonly rows: readonly Row[]
  readonly next?: string
}

/** `rows` are new or changed rows (replace by key). `overview` follows changes at most each second. `ping` every 10 s. */
export type StreamLine =
  | { readonly kind: 'rows'; readonly rows: readonly Row[] }
  | { readonly kind: 'overview'; readonly overview: Overview }
  | { readonly kind: 'ping'; readonly now: number }

export interface Overview {
  readonly now: number
  readonly providers: readonly {
    readonly name: string
    readonly title: string
    readonly account?: string
    readonly lastReceivedAt?: number
    readonly states: Readonly<Record<string, number>>
  }[]
  /** Refusals of the last hour by code. */
  readonly refusals: readonly { readonly code: string; readonly count: number }[]
  /** Where replays and samples go; undefined until it is known. Loopback only. */
  readonly target?: string
  /** Whether this is `listen`: the answer can be played in the application's place. */
  readonly listens: boolean
  /** What `listen` answers in the application's place just now. */
  readonly answer?: DoRequest['answer']
  /** The event types known here, for the filter. */
  readonly types: readonly string[]
}

export interface Detail {
  readonly row: Row
  readonly entity?: string
  readonly trust?: string
  /** When the provider, or `work`, comes next. */
  readonly nextAttemptAt?: number
  readonly issues?: readonly { readonly path: string; readonly expected: string }[]
  /** Oldest first. A refusal has exactly one. */
  readonly attempts: readonly AttemptDetail[]
  /** Why it was refused; only for refusals and only when asked for. */
  readonly diagnosis?: DiagnosisView
  /** The actions that can be done with it now, and why the others cannot. */
  readonly actions: readonly { readonly name: DoRequest['what']; readonly disabledBecause?: string }[]
}

export interface DiagnosisView {
  /** One sentence: what is wrong. */
  readonly reason: string
  /** One sentence: what to do. */
  readonly advice?: string
  /** Further findings, one sentence each. */
  readonly details: readonly string[]
}

export interface AttemptDetail {
  readonly number: number
  readonly at: number
  readonly source: 'provider' | 'retry' | 'replay'
  readonly kind: string
  readonly status: number
  readonly code?: string
  readonly durationMs: number
  readonly error?: { readonly name: string; readonly message: string }
  readonly reading?: string
  readonly secret?: number
  /** In order: e.g. arrived, verified, recognized, claimed, handler, settled, answered. `atMs` is its beginning, counted from the arrival; `ms` its length. */
  readonly steps?: readonly { readonly name: string; readonly atMs: number; readonly ms: number }[]
  readonly request?: RequestView
  readonly answer?: {
    readonly status: number
    readonly headers: readonly (readonly [string, string])[]
    readonly body: string
  }
}

export interface RequestView {
  readonly method: string
  readonly url?: string
  /** As received. `signed`: the signature covers its value. `secret`: shown masked. */
  readonly headers: readonly {
    readonly name: string
    readonly value: string
    readonly signed: boolean
    readonly masked: boolean
  }[]
  readonly body?: BodyView
}

export interface BodyView {
  readonly size: number
  /** The body as text with each credential replaced by `••••••`; at most 256 kB. Absent if it is not UTF-8. */
  readonly text?: string
  /** The first 16 kB as hex pairs with a space between them, masked where credentials are (`••`). */
  readonly hex: string
  readonly isCut: boolean
  /** How much of the body the signature covers. */
  readonly signed: 'all' | 'none' | 'part'
  /** The paths of the masked credentials, e.g. `data.mailboxDetails.password`. */
  readonly credentials: readonly string[]
}

export interface DoRequest {
  readonly what: 'replay' | 'resign' | 'tamper' | 'stale' | 'twice' | 'reorder' | 'send' | 'answer'
  /** Row.key, for all but `send` and `answer`. */
  readonly key?: string
  /** Another loopback address than `Overview.target`. */
  readonly target?: string
  /** For `send`. */
  readonly provider?: string
  readonly type?: string
  readonly payload?: unknown
  /** For `answer` (listen): what is answered in the application's place from now on. `application` ends it. */
  readonly answer?: 'application' | '500' | 'late' | 'never'
}

export interface DoResult {
  readonly results: readonly {
    readonly label: string
    readonly status: number
    readonly body: string
    readonly durationMs: number
  }[]
}

export interface CatalogProvider {
  readonly name: string
  readonly title: string
  readonly canSign: boolean
  readonly disabledBecause?: string
  readonly events: readonly { readonly type: string; readonly description: string; readonly sample: unknown }[]
}

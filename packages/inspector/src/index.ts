export type * from './api.js'
export type { AnswerMode, ListenerOptions, PassedExchange } from './listen/listener-options.js'
export { type Listener, openListener } from './listen/open-listener.js'
export { type Inspector, type InspectorOptions, openInspector } from './open-inspector.js'

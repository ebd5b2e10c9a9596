export type * from './api.js'
export { type Inspector, type InspectorOptions, openInspector } from './open-inspector.js'

export { isPromise } from './options/maybe-promise.js'
export { WebRequest } from './request/web-request.js'

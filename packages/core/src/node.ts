export { isPromise } from './options/maybe-promise.js'
export { NodeRequest } from './request/node-request.js'
export { isBodyHeader, wasAlreadyRefused } from './request/node-response.js'

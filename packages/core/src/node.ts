import { ReceivedDelivery } from './delivery/received-delivery.js'

export { isPromise } from './options/maybe-promise.js'
export { NodeRequest } from './request/node-request.js'
export { isBodyHeader, wasAlreadyRefused } from './request/node-response.js'

/** Notes the error with which the handler of a delivery failed, as `fail` of its reception does. */
export const noteHandlerError = ReceivedDelivery.noteError

export { WebRequest } from './request/web-request.js'

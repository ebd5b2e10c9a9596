export { type TraceDeliveriesOptions, traceDeliveries } from './trace-deliveries.js'

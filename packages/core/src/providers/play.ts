// The sending side of the built-in providers, for packages that play them. Nothing that receives imports it.

export { describeProvider } from './describe-provider.js'
export { PLAYED } from './played.js'
export type {
  PlayedPayload,
  PlayedProvider,
  Scenario,
  Sender,
  SigningReading,
  Stage,
  TimeForm,
} from './played-provider.js'
export { COPIES } from './played-provider.js'

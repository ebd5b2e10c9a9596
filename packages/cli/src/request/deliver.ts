import {
  type DeliveryOptions,
  type PlayableProvider,
  type SignedDelivery,
  signedDelivery,
} from '@mailbox-hooks/testing'
import type { Payload } from '../catalog/providers.js'

type Body = string | Uint8Array

/** Calls `signedDelivery` for an event that is known only at run time. The catalogue has checked that it exists. */
export const deliver = signedDelivery as (
  provider: PlayableProvider,
  event: string,
  options: DeliveryOptions<Payload, Body>,
) => SignedDelivery<Body>

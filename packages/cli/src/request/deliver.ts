import { type DeliveryOptions, type SignedDelivery, signedDelivery } from '@mailbox-hooks/testing'
import type { Payload } from '../catalog/providers.js'

type Body = string | Uint8Array

/** Calls `signedDelivery` for an event that is known only at run time. The catalogue has checked that it exists. */
export const deliver = signedDelivery as (
  provider: string,
  event: string,
  options: DeliveryOptions<Payload, Body>,
) => SignedDelivery<Body>

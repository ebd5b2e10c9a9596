import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { changedFields, PLANTED } from './changed-fields.js'
import { bodyOf, type Kit, type Sample } from './fixture.js'

/** Objects that no document shows. */
const ODD_PAYLOADS = [
  '{}',
  '{"":null}',
  '{"type":null,"event":null,"id":null,"data":null}',
  '{"type":7,"event":7,"id":-0.5,"data":7}',
  '{"type":[],"event":[],"id":[],"data":[]}',
  '{"type":[["a"]],"event":[["a"]],"id":[[1],{}],"data":[[[]]]}',
  '{"type":{},"event":{},"id":{},"data":{}}',
  '{"type":"constructor","event":"constructor","id":"toString","data":"hasOwnProperty"}',
  '{"type":"","event":"","id":"","data":""}',
  '{"type":true,"event":false,"id":true,"data":true}',
  `{"data":${'{"data":'.repeat(1000)}1${'}'.repeat(1000)}}`,
]

const NO_OBJECTS: readonly (readonly [what: string, body: string])[] = [
  ['nothing', ''],
  ['rubbish', 'rubbish'],
  ['half of an object', '{"type":'],
  ['a list', '[{}]'],
  ['null', 'null'],
  ['a text', '"text"'],
  ['a number', '7'],
  ['a byte order mark before it', '\uFEFF{}'],
  ['a key named __proto__', '{"data":{"__proto__":{"admin":true}}}'],
]

/** Tests signed bodies of any content. */
export function payloadsTests(kit: Kit): void {
  const { provider, samples, named, signed } = kit
  // A later version of the schema may accept it, so a provider that does not retry after a 4xx gets a 503.
  const status = provider.retries.clientErrorsAreFinal ? 503 : 422

  it.each(NO_OBJECTS)('refuses a signed body of %s', async (_what, body) => {
    const answer = await kit.receiver().send(signed({ body: Buffer.from(body) }))
    expect(answer).toEqual({ status: 400, error: 'body_invalid', received: false })
  })

  it('refuses a signed body that is not UTF-8', async () => {
    const { send } = kit.receiver()
    const { status, delivery } = await send(signed({ body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) }))
    expect(delivery).toBeUndefined()
    // A sender's library may sign only texts. It then did not sign these bytes.
    expect([400, 401]).toContain(status)
  })

  it.each(ODD_PAYLOADS.map((body) => [body.slice(0, 100), body]))(
    'recognises %s, or treats it as unknown',
    async (_shown, body) => {
      expect(await kit.receiver().send(signed({ body: Buffer.from(body) }))).not.toMatchObject({ status: 500 })
    },
  )

  const trials = new Map<Sample, Promise<Trial>>()
  /** One test for each sample, because it sends thousands of deliveries. */
  const trialOf = (sample: Sample): Promise<Trial> => {
    const trial = trials.get(sample) ?? tryChangedFields(kit, sample)
    trials.set(sample, trial)
    return trial
  }

  it.each(named)('recognises %s when any field is missing or of another type', async (_type, sample) => {
    expect((await trialOf(sample)).failed).toEqual([])
  })

  it('refuses payloads that do not match, and reports paths but no values', async () => {
    const bodies = []
    for (const sample of samples) {
      for (const { body } of (await trialOf(sample)).refused) bodies.push({ type: sample.type, body })
    }
    expect(bodies.length, 'fields that a schema looks at').toBeGreaterThan(0)
    for (const unsigned of bodies) {
      const { send, outcomes } = kit.receiver()
      expect(await send(signed(unsigned))).toEqual({ status, error: 'payload_invalid', received: false })
      expect(outcomes[0]?.issues?.length).toBeGreaterThan(0)
      expect(JSON.stringify(outcomes) + inspect(outcomes, { depth: 9 })).not.toContain(PLANTED)
    }
  })

  it.each(named)("delivers a %s that does not match as unknown with invalid: 'deliver'", async (_type, sample) => {
    for (const { what, body } of (await trialOf(sample)).refused) {
      const { delivery } = await kit.receiver({ invalid: 'deliver' }).send(signed({ type: sample.type, body }))
      const event = { type: 'unknown', name: sample.type, known: false, payload: JSON.parse(body.toString()) }
      expect(delivery?.event, what).toMatchObject({ ...event, issues: expect.any(Array) })
    }
  })
}

interface Trial {
  /** Payloads that the schema refused. */
  readonly refused: readonly { readonly what: string; readonly body: Buffer }[]
  /** Payloads on which the provider threw, and the errors. */
  readonly failed: readonly string[]
}

async function tryChangedFields(kit: Kit, { type, payload }: Sample): Promise<Trial> {
  const refused = []
  const failed = []
  for (const changed of changedFields(payload)) {
    const body = bodyOf(changed.payload)
    const { error } = await kit.receiver().send(kit.signed({ type, body }))
    if (error === 'payload_invalid') refused.push({ what: changed.what, body })
    if (error !== undefined && error !== 'payload_invalid') failed.push(`${changed.what}: ${error}`)
  }
  return { refused, failed }
}

import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { assertMatches } from './assert-matches.js'
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
  const { it } = kit.runner
  const { provider, samples, signed } = kit
  // A later version of the schema may accept it, so a provider that does not retry after a 4xx gets a 503.
  const status = provider.retries.clientErrorsAreFinal ? 503 : 422

  for (const [what, body] of NO_OBJECTS) {
    it(`refuses a signed body of ${what}`, async () => {
      const answer = await kit.receiver().send(signed({ body: Buffer.from(body) }))
      assert.deepEqual(answer, { status: 400, error: 'body_invalid', received: false })
    })
  }

  it('refuses a signed body that is not UTF-8', async () => {
    const { send } = kit.receiver()
    const { status, delivery } = await send(signed({ body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) }))
    assert.equal(delivery, undefined)
    // A sender's library may sign only texts. It then did not sign these bytes.
    assert([400, 401].includes(status), `answered ${status}`)
  })

  for (const body of ODD_PAYLOADS) {
    it(`recognises ${body.slice(0, 100)}, or treats it as unknown`, async () => {
      const { status } = await kit.receiver().send(signed({ body: Buffer.from(body) }))
      assert.notEqual(status, 500)
    })
  }

  const trials = new Map<Sample, Promise<Trial>>()
  /** One test for each sample, because it sends thousands of deliveries. */
  const trialOf = (sample: Sample): Promise<Trial> => {
    const trial = trials.get(sample) ?? tryChangedFields(kit, sample)
    trials.set(sample, trial)
    return trial
  }

  for (const sample of samples) {
    it(`recognises ${sample.type} when any field is missing or of another type`, async () => {
      assert.deepEqual((await trialOf(sample)).failed, [])
    })

    it(`delivers a ${sample.type} that does not match as unknown with invalid: 'deliver'`, async () => {
      for (const { what, body } of (await trialOf(sample)).refused) {
        const { delivery } = await kit.receiver({ invalid: 'deliver' }).send(signed({ type: sample.type, body }))
        const event = { type: 'unknown', name: sample.type, known: false, payload: JSON.parse(body.toString()) }
        assertMatches(delivery?.event, event, what)
        assert(delivery?.event.type === 'unknown' && Array.isArray(delivery.event.issues), what)
      }
    })
  }

  it('refuses payloads that do not match, and reports paths but no values', async () => {
    const bodies = []
    for (const sample of samples) {
      for (const { body } of (await trialOf(sample)).refused) bodies.push({ type: sample.type, body })
    }
    assert(bodies.length > 0, 'a schema looks at some field')
    for (const unsigned of bodies) {
      const { send, outcomes } = kit.receiver()
      assert.deepEqual(await send(signed(unsigned)), { status, error: 'payload_invalid', received: false })
      assert((outcomes[0]?.issues ?? []).length > 0, 'the outcome has issues')
      const printed = JSON.stringify(outcomes) + inspect(outcomes, { depth: 9 })
      assert(!printed.includes(PLANTED), 'no issue quotes a value')
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

import type { TestRunner } from '../test-runner.js'
import { credentialsTests } from './credentials.js'
import { eventsTests } from './events.js'
import { kitFor } from './fixture.js'
import { payloadsTests } from './payloads.js'
import type { ProviderUnderTest } from './provider-under-test.js'
import { secretsTests } from './secrets.js'
import { signaturesTests } from './signatures.js'
import { timesTests } from './times.js'

/** Defines the tests of a provider with the functions of a test runner. */
export function defineProviderSuite(underTest: ProviderUnderTest, runner: TestRunner): void {
  const kit = kitFor(underTest, runner)
  const { describe } = runner
  describe(`${underTest.name}: events`, () => eventsTests(kit, underTest))
  describe(`${underTest.name}: signatures`, () => signaturesTests(kit, underTest))
  describe(`${underTest.name}: secrets`, () => secretsTests(kit, underTest))
  const describeTimes = underTest.differences?.noTime === undefined ? describe : describe.skip
  describeTimes(`${underTest.name}: times`, () => timesTests(kit, underTest))
  describe(`${underTest.name}: payloads`, () => payloadsTests(kit))
  describe(`${underTest.name}: credentials`, () => credentialsTests(kit, underTest))
}

import { cpSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, it } from 'vitest'
import { REPOSITORY } from './public-packages.js'
import { run } from './run.js'

it('@mailbox-hooks/testing plays a provider where there is no vitest, and says that its suites need it', () => {
  const folder = join(inject('workshop'), 'without-vitest')
  const { manifest, folder: unpacked } = inject('packed').find(({ manifest }) => manifest.name.endsWith('/testing'))!
  cpSync(unpacked, join(folder, 'node_modules', manifest.name), { recursive: true })
  // Its peer, and what that one needs.
  const core = inject('packed').find(({ manifest }) => manifest.name.endsWith('/core'))!
  cpSync(core.folder, join(folder, 'node_modules', core.manifest.name), { recursive: true })
  for (const name of ['zod', 'raw-body']) {
    symlinkSync(join(REPOSITORY, 'packages/core/node_modules', name), join(folder, 'node_modules', name))
  }
  writeFileSync(
    join(folder, 'receiver.test.cjs'),
    `const { throws, match } = require('node:assert')
    const { test } = require('node:test')
    const { signedDelivery, storeSuite } = require('${manifest.name}')
    test('signs', () => match(signedDelivery('openmail', 'pod.suspended', { secret: 's' }).headers['x-signature'], /^[0-9a-f]{64}$/))
    test('explains', () => throws(() => storeSuite({ name: 'store' }), /storeSuite defines vitest tests/))`,
  )
  expect(run('node', ['--test', '--test-reporter=tap', 'receiver.test.cjs'], folder)).toContain('\n# pass 2\n')
})

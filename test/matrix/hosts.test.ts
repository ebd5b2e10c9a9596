import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { serve } from '../../packages/testing/src/adapter-suite/serve.js'
import { startApplication } from './application.js'
import { buildApps } from './build-apps.js'
import { runChecks } from './driver.js'
import { REPOSITORY } from './install.js'

const FOLDER = join(REPOSITORY, 'test/tmp-matrix')
const APPS = ['express', 'koa', 'fastify', 'fetch']

const CHECKS = ['handled once', 'duplicate', 'tampered', 'over the limit', 'failing and retried', '8 in parallel']

describe('a driver that knows only the documents of the provider', () => {
  beforeAll(() => buildApps(APPS, FOLDER))

  it.each(APPS)('finds nothing wrong with the application for %s', async (app) => {
    const { url, close } = await startApplication([process.execPath, join(FOLDER, `${app}.js`)], { cwd: FOLDER })
    onTestFinished(close)
    const results = await runChecks(`${url}/webhooks`)
    expect(results).toEqual(CHECKS.map((check) => ({ check, problem: undefined })))
  })

  it('finds each fault of an application that handles everything each time', async () => {
    const { url, close } = await serve((request, response) => {
      request.resume().once('end', () => response.end('{"runs":1}'))
    })
    onTestFinished(close)
    const faults = (await runChecks(url)).filter(({ problem }) => problem !== undefined)
    expect(faults.map(({ check }) => check)).toEqual(CHECKS.slice(1))
  })
})

// Stryker's runner for vitest, with one thread that stays: loading the sources takes a hundred times as long as asking
// the tests about one mistake.
import { EventEmitter } from 'node:events'
import { strykerPlugins as vitestPlugins } from '@stryker-mutator/vitest-runner'
import { ThreadsPoolWorker } from 'vitest/node'

const [{ factory: createVitestRunner }] = vitestPlugins

class WarmRunner {
  #create
  #vitest
  #thread

  constructor(create) {
    this.#create = create
  }

  capabilities() {
    return { reloadEnvironment: true }
  }

  async init() {
    this.#vitest = this.#create()
    await this.#vitest.init()
    for (const { config } of this.#vitest.ctx.projects) {
      config.isolate = false
      config.pool = 'warm'
      config.poolRunner = { name: 'warm', createPoolWorker: (options) => this.#workerOf(options) }
    }
  }

  async dispose() {
    await this.#vitest?.dispose()
    await this.#thread?.end()
    this.#thread = undefined
  }

  dryRun(options) {
    return this.#vitest.dryRun(options)
  }

  /** A mistake may leave something behind. So its noticing counts only if the same tests pass right after it, without it. */
  async mutantRun(options) {
    if (options.mutantActivation === 'static') return this.#runAnew(options)
    const result = await this.#vitest.mutantRun(options)
    if (result.status === 'survived') return result
    const after = await this.#vitest.mutantRun({
      ...options,
      activeMutant: { id: 'none' },
      testFilter: testsOf(result, options),
    })
    return after.status === 'survived' ? result : this.#runAnew(options)
  }

  async #runAnew(options) {
    await this.dispose()
    await this.init()
    return this.#vitest.mutantRun(options)
  }

  #workerOf(options) {
    this.#thread ??= new WarmThread(options)
    return this.#thread
  }
}

const testsOf = ({ killedBy }, { testFilter }) => (killedBy === undefined ? testFilter : [killedBy].flat())

/** A thread of vitest that is started once: its later starts and its stops are answered without asking it. */
class WarmThread {
  name = 'warm'
  #project
  #thread
  #isStarted = false
  #events = new EventEmitter()

  constructor(options) {
    this.#project = options.project
    this.#thread = new ThreadsPoolWorker(options)
  }

  on(event, callback) {
    this.#events.on(event, callback)
  }

  off(event, callback) {
    this.#events.off(event, callback)
  }

  async start() {
    this.#events.removeAllListeners()
    if (this.#isStarted) return
    await this.#thread.start()
    for (const event of ['message', 'error', 'exit']) {
      this.#thread.on(event, (value) => this.#events.listenerCount(event) > 0 && this.#events.emit(event, value))
    }
  }

  send(message) {
    if (message.type === 'stop') return this.#answer('stopped')
    if (message.type === 'start' && this.#isStarted) return this.#answer('started')
    if (message.type === 'start') this.#isStarted = true
    // The names of the tests to run are in the configuration.
    if (message.type === 'run') message.context.config = this.#project.serializedConfig
    this.#thread.send(message)
  }

  async stop() {}

  end() {
    return this.#thread.stop()
  }

  deserialize(message) {
    return message
  }

  #answer(type) {
    queueMicrotask(() => this.#events.emit('message', { type, __vitest_worker_response__: true }))
  }
}

function createWarmRunner(injector) {
  return new WarmRunner(() => injector.injectFunction(createVitestRunner))
}
createWarmRunner.inject = ['$injector']

export const strykerPlugins = [{ kind: 'TestRunner', name: 'warm', factory: createWarmRunner }]

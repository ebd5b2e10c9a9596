// Stryker's runner: vitest, with one thread that loads the sources once and then asks the tests about each mistake.
// Starting vitest anew takes a hundred times as long as the tests that notice a mistake.
import { once } from 'node:events'
import { BroadcastChannel } from 'node:worker_threads'
import { createVitest } from 'vitest/node'

class WarmRunner {
  #vitest
  #channel
  #files = []
  /** How long each test took without a mistake. */
  #msOf = new Map()

  capabilities() {
    return { reloadEnvironment: true }
  }

  async init() {
    this.#channel = new BroadcastChannel('mutants')
    this.#vitest = await createVitest('test', { config: 'scripts/mutants.vitest.config.ts', watch: false })
    const specifications = await this.#vitest.globTestSpecifications()
    this.#files = specifications.map(({ moduleId }) => moduleId)
    const isReady = once(this.#channel, 'message')
    // The thread never begins this run: it waits for questions.
    this.#vitest.runTestSpecifications(specifications.slice(0, 1)).catch(() => undefined)
    await isReady
  }

  async dispose() {
    await this.#ask({ kind: 'end' })
    this.#channel.close()
    await this.#vitest.close()
  }

  async dryRun() {
    const { tests, coverage } = await this.#ask({ kind: 'first', files: this.#files })
    for (const { id, timeSpentMs } of tests) this.#msOf.set(id, timeSpentMs)
    return { status: 'complete', tests, mutantCoverage: coverage }
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation }) {
    const isAtLoad = mutantActivation === 'static'
    if (isAtLoad) await this.#renew()
    const question = { kind: 'mistake', files: this.#quickestFirst(testFilter), mistake: activeMutant.id, hitLimit }
    const answer = await this.#ask(question)
    if (!answer.isSpoilt && !isAtLoad) return answer
    await this.#renew()
    return isAtLoad ? answer : this.#ask(question)
  }

  async #renew() {
    await this.dispose()
    await this.init()
  }

  /** The files with the ids of their tests; of all files where none are named. */
  #quickestFirst(ids) {
    if (ids === undefined) return this.#files.map((file) => ({ file, ids: undefined }))
    const files = new Map()
    for (const id of ids) {
      const file = id.slice(0, id.lastIndexOf('#'))
      files.set(file, [...(files.get(file) ?? []), id])
    }
    const msOf = ({ ids }) => ids.reduce((sum, id) => sum + (this.#msOf.get(id) ?? 0), 0)
    return [...files].map(([file, ids]) => ({ file, ids })).sort((one, other) => msOf(one) - msOf(other))
  }

  async #ask(question) {
    this.#channel.postMessage(question)
    const [{ data }] = await once(this.#channel, 'message')
    return data
  }
}

const createRunner = () => new WarmRunner()
createRunner.inject = []

export const strykerPlugins = [{ kind: 'TestRunner', name: 'warm', factory: createRunner }]

import { BroadcastChannel } from 'node:worker_threads'
import {
  type RunnerTestFile as File,
  type RunnerTask as Task,
  type RunnerTestCase as Test,
  TestRunner,
  vi,
} from 'vitest'
import { startTests } from 'vitest/internal/browser'

/** The code that Stryker has written into the sources reads and writes these. */
interface Stryker {
  activeMutant?: string | undefined
  currentTestId?: string | undefined
  mutantCoverage?: { readonly static: Hits; readonly perTest: Record<string, Hits> } | undefined
  hitCount?: number | undefined
  hitLimit?: number | undefined
}

type Hits = Record<string, number>

const shared = globalThis as { __stryker__?: Stryker }
shared.__stryker__ ??= {}
const stryker = shared.__stryker__

/** A file, and the ids of those of its tests that are to run; all where none are given. */
interface Asked {
  readonly file: string
  readonly ids: readonly string[] | undefined
}

type Question =
  | { readonly kind: 'first'; readonly files: readonly string[] }
  | { readonly kind: 'mistake'; readonly files: readonly Asked[]; readonly mistake: string; readonly hitLimit?: number }
  | { readonly kind: 'end' }

const idOf = (test: Task) => `${test.file.filepath}#${test.id}`

const testsIn = (task: Task): readonly Test[] => (task.type === 'test' ? [task] : task.tasks.flatMap(testsIn))

/** Runs tests, tells vitest's main thread nothing of it, and leaves the rest out when one has failed. */
class QuietRunner extends TestRunner {
  failed: Test | undefined
  readonly stopsAtFailure: boolean

  constructor(outer: TestRunner, stopsAtFailure: boolean) {
    super(outer.config)
    Object.assign(this, { moduleRunner: Reflect.get(outer, 'moduleRunner'), _otel: Reflect.get(outer, '_otel') })
    this.stopsAtFailure = stopsAtFailure
  }

  override async onBeforeRunTask(test: Test): Promise<void> {
    if (this.failed !== undefined && this.stopsAtFailure) test.mode = 'skip'
    await super.onBeforeRunTask(test)
  }

  override onBeforeTryTask(test: Test): void {
    stryker.currentTestId = idOf(test)
    super.onBeforeTryTask(test)
  }

  override onAfterRunTask(test: Test): void {
    stryker.currentTestId = undefined
    if (test.result?.state === 'fail') this.failed ??= test
    super.onAfterRunTask(test)
  }

  /** Loads a file anew and runs its tests. The sources stay as they were loaded. */
  async ask({ file, ids }: Asked): Promise<File> {
    const { evaluatedModules } = this.workerState
    for (const module of evaluatedModules.fileToModulesMap.get(file) ?? []) evaluatedModules.invalidateModule(module)
    this.workerState.filepath = file
    const testIds = ids?.map((id) => id.slice(id.lastIndexOf('#') + 1))
    const [ran] = await startTests([{ filepath: file, testLocations: undefined, testIds }], this)
    vi.resetConfig()
    vi.restoreAllMocks()
    return ran!
  }
}

/** vitest starts it as the runner of a test file; it answers questions instead, until it is asked to end. */
export default class MutantsRunner extends TestRunner {
  onBeforeCollect(): Promise<never> {
    return new Promise((_resolve, reject) => {
      const channel = new BroadcastChannel('mutants')
      channel.onmessage = async (message) => {
        const { data: question } = message as unknown as { data: Question }
        if (question.kind !== 'end') return channel.postMessage(await answer(this, question))
        channel.postMessage('ended')
        channel.close()
        reject(new Error('There are no more questions.'))
      }
      channel.postMessage('ready')
    })
  }
}

const answer = (outer: TestRunner, question: Exclude<Question, { kind: 'end' }>) =>
  question.kind === 'first' ? firstRun(outer, question.files) : mistakenRun(outer, question)

/** Runs all tests without a mistake, and notes which of them reach which. */
async function firstRun(outer: TestRunner, files: readonly string[]) {
  const runner = new QuietRunner(outer, false)
  // Code that is reached only here runs when the sources are loaded.
  for (const file of files) await runner.ask({ file, ids: [] })
  // Each source keeps this object.
  stryker.mutantCoverage ??= { static: {}, perTest: {} }
  const coverage = stryker.mutantCoverage
  const atLoad = coverage.static
  const tests: object[] = []
  const perTest: Record<string, Hits> = {}
  for (const file of files) {
    Object.assign(coverage, { static: {}, perTest: {} })
    const ran = await runner.ask({ file, ids: undefined })
    const { static: atCollection, perTest: inTests } = coverage
    for (const test of testsIn(ran).filter(({ result }) => result !== undefined)) {
      tests.push(resultOf(test))
      // Code that ran when the file was collected counts for each of its tests.
      perTest[idOf(test)] = { ...atCollection, ...inTests[idOf(test)] }
    }
  }
  return { tests, coverage: { static: atLoad, perTest } }
}

function resultOf(test: Test) {
  const { state, duration = 0, errors } = test.result!
  const told = {
    id: idOf(test),
    name: test.fullTestName ?? test.name,
    timeSpentMs: duration,
    fileName: test.file.filepath,
  }
  if (state === 'fail') return { ...told, status: 1, failureMessage: errors?.[0]?.message ?? 'failed' }
  return { ...told, status: state === 'pass' ? 0 : 2 }
}

let rejections = 0
process.on('unhandledRejection', () => {
  rejections += 1
})

async function mistakenRun(outer: TestRunner, { files, mistake, hitLimit }: Extract<Question, { kind: 'mistake' }>) {
  let nrOfTests = 0
  for (const asked of files) {
    const { failure, count } = await failureOf(outer, asked, mistake, hitLimit)
    nrOfTests += count
    if ((stryker.hitCount ?? 0) > (hitLimit ?? Number.POSITIVE_INFINITY))
      return { status: 'timeout', reason: 'It loops.' }
    if (failure === undefined) continue
    // A mistake may leave something behind. So its noticing counts only if the same tests pass right after it, without it.
    const again = failure.id === undefined ? asked : { file: asked.file, ids: [failure.id] }
    const after = await failureOf(outer, again, undefined, undefined)
    const killedBy = failure.id ?? asked.ids?.[0] ?? asked.file
    return {
      status: 'killed',
      killedBy: [killedBy],
      failureMessage: failure.message,
      nrOfTests,
      isSpoilt: after.failure !== undefined,
    }
  }
  return { status: 'survived', nrOfTests }
}

interface Failure {
  /** Undefined where no test has failed, but the file, or a promise that nobody waits for. */
  readonly id?: string
  readonly message: string
}

async function failureOf(outer: TestRunner, asked: Asked, mistake: string | undefined, hitLimit: number | undefined) {
  Object.assign(stryker, { activeMutant: mistake, hitCount: hitLimit === undefined ? undefined : 0, hitLimit })
  rejections = 0
  const runner = new QuietRunner(outer, true)
  const file = await runner.ask(asked)
  await new Promise(setImmediate)
  stryker.activeMutant = undefined
  const count = testsIn(file).filter(({ result }) => result !== undefined).length
  const failure = failureIn(file, runner)
  return { failure, count }
}

function failureIn(file: File, { failed }: QuietRunner): Failure | undefined {
  if (failed !== undefined) return { id: idOf(failed), message: failed.result?.errors?.[0]?.message ?? 'failed' }
  if (file.result?.state === 'fail') return { message: file.result.errors?.[0]?.message ?? 'The file failed.' }
  return rejections > 0 ? { message: 'A rejection was not handled.' } : undefined
}

// How the sources are mutated. `npm run mutants -- <folder>` runs it; test/README.md says how to read the report.
import { NOT_MUTATED } from './mutants.tests.mjs'

const folder = process.env.MUTANTS ?? ''
const name = folder.replaceAll('/', '-')

export default {
  testRunner: 'warm',
  plugins: ['./scripts/mutants.runner.mjs'],
  mutate: [`packages/${folder}/**/*.ts`, ...(NOT_MUTATED[folder] ?? []).map((file) => `!packages/${folder}/${file}`)],
  coverageAnalysis: 'perTest',
  // A mistake in what a file computes when it is loaded needs each test once more. The weekly run has the time.
  ignoreStatic: process.env.MUTANTS_STATIC === undefined,
  concurrency: 1,
  timeoutMS: 5_000,
  dryRunTimeoutMinutes: 15,
  incremental: true,
  incrementalFile: `.stryker/${name}.json`,
  reporters: ['progress-append-only', 'json'],
  jsonReporter: { fileName: `.stryker/${name}-report.json` },
  // Packages have node_modules of their own, which a copy elsewhere would not find.
  inPlace: true,
  // Otherwise it writes a comment into each source, and vitest checks no types.
  disableTypeChecks: false,
  // The compiler has no API that could rewrite its settings, and nothing here needs that.
  tsconfigFile: 'none.json',
  tempDirName: '.stryker/tmp',
  ignorePatterns: ['**/dist', '.stryker', 'bench', 'docs/reference/site'],
  thresholds: { break: 85 },
}

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeBlocks, REPOSITORY } from './code-blocks.js'
import { writeBlocks } from './compile-blocks.js'

// The suite of the document must pass for the provider of the document, as both are printed.
const files = writeBlocks(codeBlocks('packages/testing/README.md'), join(REPOSITORY, 'test/tmp-testing-readme'))
const { path, text } = files.find((file) => file.path.endsWith('acme.test.ts'))!
// The main entry would load the suites that were built last, beside the sources.
writeFileSync(path, text.replace("'@mailbox-hooks/testing'", "'@mailbox-hooks/testing/suites'"))
await import(path)

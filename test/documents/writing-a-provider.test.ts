import { join } from 'node:path'
import { codeBlocks, REPOSITORY } from './code-blocks.js'
import { writeBlocks } from './compile-blocks.js'

// The document has its own tests, and they are run as they are printed.
const files = writeBlocks(codeBlocks('docs/writing-a-provider.md'), join(REPOSITORY, 'test/tmp-writing-a-provider'))
await import(files.find(({ path }) => path.endsWith('acme.test.ts'))!.path)

#!/usr/bin/env node
import { createOutput } from './output/output.js'
import { printFailure, run } from './run.js'

const output = createOutput()
// A module of the user's may fail after it was loaded. Node.js would print its error as it is.
process.on('uncaughtException', (error) => process.exit(printFailure(error, process.argv, output)))

run(process.argv, output).then((exitCode) => {
  process.exitCode = exitCode
  // A journal's module may keep connections open that would keep the process from ending. What was written goes out first.
  process.stdout.write('', () => process.stderr.write('', () => process.exit()))
})

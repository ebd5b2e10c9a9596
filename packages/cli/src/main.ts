#!/usr/bin/env node
import { createOutput } from './output/output.js'
import { run } from './run.js'

run(process.argv, createOutput()).then((exitCode) => {
  process.exitCode = exitCode
  // A journal's module may keep connections open that would keep the process from ending. What was written goes out first.
  process.stdout.write('', () => process.stderr.write('', () => process.exit()))
})

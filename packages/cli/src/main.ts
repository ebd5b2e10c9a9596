#!/usr/bin/env node
import { createOutput } from './output/output.js'
import { run } from './run.js'

run(process.argv, createOutput()).then((exitCode) => {
  process.exitCode = exitCode
})

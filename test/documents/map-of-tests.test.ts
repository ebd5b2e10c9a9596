import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { REPOSITORY, readDocument } from './code-blocks.js'

const MAP = readDocument('test/README.md')

const entries = readdirSync(join(REPOSITORY, 'test'), { withFileTypes: true })
const folders = entries.filter((entry) => entry.isDirectory() && !/^(node_modules|tmp-)/.test(entry.name))
const files = entries.filter(({ name }) => name.endsWith('.test.ts'))

describe('test/README.md', () => {
  it('names each folder and each file of tests', () => {
    expect(folders.filter(({ name }) => !MAP.includes(`| \`test/${name}\` |`))).toEqual([])
    expect(files.filter(({ name }) => !MAP.includes(`\`${name}\``))).toEqual([])
  })

  it('names no folder that is not there', () => {
    const named = [...MAP.matchAll(/`((?:test|packages)\/[\w/-]+)`/g)].map(([, path]) => path!)
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((path) => !path.includes('NAME') && !existsSync(join(REPOSITORY, path)))).toEqual([])
  })

  it('names commands that find tests', () => {
    const [, table] = MAP.match(/## Which to run([\s\S]*?)\n## /)!
    const paths = [...table!.matchAll(/(?:test|packages)\/[\w./-]+/g)].map(([path]) => path)
    expect(paths.filter((path) => !existsSync(join(REPOSITORY, path)))).toEqual([])
  })
})

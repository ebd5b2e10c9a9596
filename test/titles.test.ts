import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const REPOSITORY = new URL('..', import.meta.url).pathname

/** Leaves out files that vitest does not run: `node_modules`, builds, the code blocks of documents. */
const isRead = (path: string) => /\.ts$/.test(path) && !/(^|\/)(node_modules|dist|tmp-[^/]*)\//.test(path)

const files = ['packages', 'examples', 'test'].flatMap((folder) =>
  readdirSync(join(REPOSITORY, folder), { recursive: true, encoding: 'utf8' })
    .filter(isRead)
    .map((path) => join(folder, path)),
)

/** A title after `each(rows)`, with a field of its row in it. */
const TITLE_WITH_FIELD = /\)\(\s*(['"`])(?:(?!\1)[^\n])*(?<![\\$])\$[a-z]\w*/g

it('the titles of tests name no `$field`, which vitest prints in quotes and cuts: `titled` makes what `%s` prints', () => {
  const found = files.flatMap((path) => readFileSync(join(REPOSITORY, path), 'utf8').match(TITLE_WITH_FIELD) ?? [])
  expect(files.length).toBeGreaterThan(300)
  expect(found).toEqual([])
})

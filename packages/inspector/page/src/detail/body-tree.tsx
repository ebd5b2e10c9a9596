import type { Detail } from '../../../src/api.ts'
import { plainPath } from '../format/paths.ts'
import type { Place } from './place.ts'
import { TreeNode } from './tree-node.tsx'
import type { TreeNotes } from './tree-notes.ts'

interface Props {
  readonly value: unknown
  readonly issues: NonNullable<Detail['issues']>
  readonly credentials: readonly string[]
  readonly place: Place
}

/** The body as it was parsed, to be opened and closed part by part. */
export function BodyTree({ value, issues, credentials, place }: Props) {
  const notes: TreeNotes = {
    expected: new Map(issues.map(({ path, expected }) => [plainPath(path), expected])),
    credentials: new Map(credentials.map((path) => [plainPath(path), path])),
    place,
  }
  return (
    <ul class="tree">
      <TreeNode name={undefined} path="" value={value} depth={0} notes={notes} />
    </ul>
  )
}

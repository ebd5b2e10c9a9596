import { Credential } from './credential.tsx'
import { Expected } from './expected.tsx'
import type { TreeNotes } from './tree-notes.ts'

interface Props {
  readonly name: string | undefined
  readonly path: string
  readonly value: unknown
  readonly notes: TreeNotes
}

export function TreeLeaf({ name, path, value, notes }: Props) {
  const credential = notes.credentials.get(path)
  return (
    <li class="leaf">
      {name !== undefined && <span class="tree-name">{name}</span>}
      {credential === undefined ? (
        <span class={`tree-value is-${kindOf(value)}`}>{JSON.stringify(value)}</span>
      ) : (
        <Credential place={notes.place} path={credential} />
      )}
      <Expected text={notes.expected.get(path)} />
    </li>
  )
}

const kindOf = (value: unknown) => (value === null ? 'null' : typeof value)

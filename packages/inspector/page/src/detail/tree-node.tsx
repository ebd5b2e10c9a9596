import { useSignal } from '@preact/signals'
import { joinPath, nameOf, parentOf } from '../format/paths.ts'
import { Icon } from '../parts/icon.tsx'
import { Expected } from './expected.tsx'
import { TreeLeaf } from './tree-leaf.tsx'
import type { TreeNotes } from './tree-notes.ts'

/** Deeper or larger values begin closed. */
const OPEN_DEPTH = 4
const OPEN_CHILDREN = 50
/** More children than this at once would make the page slow. */
const MOST_CHILDREN = 500

interface Props {
  readonly name: string | undefined
  readonly path: string
  readonly value: unknown
  readonly depth: number
  readonly notes: TreeNotes
}

export function TreeNode({ name, path, value, depth, notes }: Props) {
  if (typeof value !== 'object' || value === null)
    return <TreeLeaf name={name} path={path} value={value} notes={notes} />
  return <Branch name={name} path={path} value={value} depth={depth} notes={notes} />
}

function Branch({ name, path, value, depth, notes }: Props & { readonly value: object }) {
  const children = Object.entries(value)
  const begins = depth === 0 || (depth < OPEN_DEPTH && children.length <= OPEN_CHILDREN) || hasNote(path, notes)
  const isOpen = useSignal(begins)
  const [before, after] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return (
    <li>
      <button
        type="button"
        class="branch"
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value
        }}
      >
        <Icon name="open" />
        {name !== undefined && <span class="tree-name">{name}</span>}
        <span class="tree-mark">
          {isOpen.value ? before : `${before} ${countText(value, children.length)} ${after}`}
        </span>
      </button>
      <Expected text={notes.expected.get(path)} />
      {isOpen.value && (
        <>
          <ul>
            {children.slice(0, MOST_CHILDREN).map(([key, inner]) => (
              <TreeNode key={key} name={key} path={joinPath(path, key)} value={inner} depth={depth + 1} notes={notes} />
            ))}
            {children.length > MOST_CHILDREN && (
              <li class="muted">… {children.length - MOST_CHILDREN} more under Text</li>
            )}
            <Missing path={path} value={value} notes={notes} />
          </ul>
          <span class="tree-mark tree-end">{after}</span>
        </>
      )}
    </li>
  )
}

/** What the schema expects in this object, and what is not there. */
function Missing({ path, value, notes }: { readonly path: string; readonly value: object; readonly notes: TreeNotes }) {
  const missing = [...notes.expected].filter(
    ([place]) => place !== '' && parentOf(place) === path && !Object.hasOwn(value, nameOf(place)),
  )
  return (
    <>
      {missing.map(([place, expected]) => (
        <li key={place} class="is-missing">
          <span class="tree-name">{nameOf(place)}</span> <span class="muted">missing</span>
          <Expected text={expected} />
        </li>
      ))}
    </>
  )
}

function hasNote(path: string, { expected, credentials }: TreeNotes): boolean {
  const before = path === '' ? '' : `${path}.`
  return [...expected.keys(), ...credentials.keys()].some((place) => place.startsWith(before))
}

function countText(value: object, count: number): string {
  if (Array.isArray(value)) return `${count} ${count === 1 ? 'item' : 'items'}`
  return `${count} ${count === 1 ? 'field' : 'fields'}`
}

import { STATES, VERDICTS } from '../format/verdict.ts'
import { Icon } from '../parts/icon.tsx'
import { Key } from '../parts/key.tsx'
import { clearFilters, type Filters, filters, isFiltered, setFilters } from '../state/filters.ts'
import { overview } from '../state/overview.ts'

/** Typing an address asks the inspector once, after the last letter. */
const TYPING_MS = 250
let typing: ReturnType<typeof setTimeout> | undefined

const CODES = [
  'signature_invalid',
  'signature_missing',
  'signature_malformed',
  'signature_repeated',
  'timestamp_invalid',
  'provider_unknown',
  'body_invalid',
  'body_too_large',
  'payload_invalid',
  'in_flight',
]

export function FilterBar() {
  const { providers = [], types = [], refusals = [] } = overview.value ?? {}
  const names = [...new Map(providers.map(({ name, title }) => [name, title]))]
  const codes = [...new Set([...refusals.map(({ code }) => code), ...CODES])]
  return (
    <form class="filters" role="search" aria-label="Filter the deliveries" onSubmit={(event) => event.preventDefault()}>
      <Search />
      <Choice name="provider" label="Provider" options={names} />
      <Choice name="type" label="Type" options={types.map((type) => [type, type])} />
      <Choice name="state" label="State" options={STATES.map((state) => [state, VERDICTS[state].word])} />
      <Choice name="code" label="Code" options={codes.map((code) => [code, code])} />
      {isFiltered.value && (
        <button type="button" class="button is-quiet" onClick={clearFilters}>
          Clear
        </button>
      )}
    </form>
  )
}

function Search() {
  const search = (text: string) => {
    clearTimeout(typing)
    typing = setTimeout(() => setFilters({ about: text.trim() }), TYPING_MS)
  }
  return (
    <label class="search">
      <Icon name="search" />
      <input
        id="search"
        type="search"
        placeholder="Address, domain or id"
        aria-label="What the delivery is about"
        value={filters.value.about ?? ''}
        onInput={(event) => search(event.currentTarget.value)}
      />
      <Key name="/" />
    </label>
  )
}

interface ChoiceProps {
  readonly name: keyof Filters
  readonly label: string
  readonly options: readonly (readonly [value: string, title: string])[]
}

function Choice({ name, label, options }: ChoiceProps) {
  const chosen = filters.value[name] ?? ''
  const isListed = chosen === '' || options.some(([value]) => value === chosen)
  return (
    <select
      class={`choice ${chosen === '' ? '' : 'is-set'}`}
      aria-label={label}
      value={chosen}
      onChange={(event) => setFilters({ [name]: event.currentTarget.value })}
    >
      <option value="">{label}</option>
      {!isListed && <option value={chosen}>{chosen}</option>}
      {options.map(([value, title]) => (
        <option key={value} value={value}>
          {title}
        </option>
      ))}
    </select>
  )
}

interface Props<Name extends string> {
  readonly label: string
  readonly names: readonly Name[]
  readonly chosen: Name
  readonly choose: (name: Name) => void
  readonly panelId: string
}

/** Tabs as assistive technology knows them: one stop of the Tab key, arrows between them. */
export function Tabs<Name extends string>({ label, names, chosen, choose, panelId }: Props<Name>) {
  const move = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (by === 0) return
    event.preventDefault()
    event.stopPropagation()
    const to = (names.indexOf(chosen) + by + names.length) % names.length
    const next = names[to]
    if (next === undefined) return
    choose(next)
    const list = event.currentTarget as HTMLElement
    ;(list.children[to] as HTMLElement).focus()
  }
  return (
    <div class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
      {names.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          class="tab"
          aria-selected={name === chosen}
          aria-controls={panelId}
          tabIndex={name === chosen ? 0 : -1}
          onClick={() => choose(name)}
        >
          {name}
        </button>
      ))}
    </div>
  )
}

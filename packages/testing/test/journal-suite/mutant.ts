import type { JournalStore } from '@mailbox-hooks/core/journal'

type Method = {
  [Name in keyof JournalStore]-?: NonNullable<JournalStore[Name]> extends (...args: never[]) => Promise<unknown>
    ? Name
    : never
}[keyof JournalStore]

type Args<Name extends Method> = Parameters<NonNullable<JournalStore[Name]>>
type Result<Name extends Method> = Awaited<ReturnType<NonNullable<JournalStore[Name]>>>

/** A journal store that is broken in one place. */
export interface Mutant {
  readonly name: string
  readonly method: Method
  /** Returns the methods that replace those of a store that keeps the contract. */
  breakStore(store: JournalStore): Partial<JournalStore>
}

/** Replaces one method by a function of the right one. */
export function replaced<Name extends Method>(
  method: Name,
  what: string,
  by: (right: (...args: Args<Name>) => Promise<Result<Name>>, store: JournalStore) => (...args: Args<Name>) => unknown,
): Mutant {
  const breakStore = (store: JournalStore) => {
    const right = (store[method] as (...args: Args<Name>) => Promise<Result<Name>>).bind(store)
    const wrong = by(right, store)
    // The answer of a broken store need not have the right type.
    return { [method]: async (...args: Args<Name>) => wrong(...args) } as Partial<JournalStore>
  }
  return { name: `${method} ${what}`, method, breakStore }
}

/** Changes an argument before the method sees it. Each of the changes makes a mutant of its own. */
export function withArguments<Name extends Method, At extends keyof Args<Name> & number>(
  method: Name,
  at: At,
  changes: Readonly<Record<string, (given: Args<Name>[At]) => unknown>>,
): Mutant[] {
  return Object.entries(changes).map(([what, change]) =>
    replaced(method, `takes ${what}`, (right) => (...args) => {
      const changed = args.map((given, index) => (index === at ? change(given) : given))
      return right(...(changed as Args<Name>))
    }),
  )
}

/** Changes a result. Each of the changes makes a mutant of its own. */
export const withResults = <Name extends Method>(
  method: Name,
  changes: Readonly<Record<string, (result: Result<Name>, args: Args<Name>) => unknown>>,
): Mutant[] =>
  Object.entries(changes).map(([what, change]) =>
    replaced(
      method,
      `returns ${what}`,
      (right) =>
        async (...args) =>
          change(await right(...args), args),
    ),
  )

/** A change of each of these fields. */
export const fields = <Given extends object>(
  values: Partial<Record<keyof Given, readonly unknown[]>>,
): Record<string, (given: Given) => Given> =>
  Object.fromEntries(
    Object.entries(values as Record<string, readonly unknown[]>).flatMap(([name, wrongs]) =>
      wrongs.map((wrong): [string, (given: Given) => Given] => [
        `${String(wrong)} for ${name}`,
        (given) => {
          const right = given[name as keyof Given]
          return { ...given, [name]: typeof wrong === 'function' ? wrong(right) : wrong }
        },
      ]),
    ),
  )

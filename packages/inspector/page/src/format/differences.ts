import type { AttemptDetail, RequestView } from '../../../src/api.ts'

export interface Difference {
  /** `header x-attempt`, or a path of the body. */
  readonly place: string
  readonly before: string | undefined
  readonly after: string | undefined
}

/** Compares two requests: header by header, and their bodies value by value. */
export function differencesOf(before: AttemptDetail, after: AttemptDetail): Difference[] | undefined {
  if (before.request === undefined || after.request === undefined) return undefined
  return [
    ...compare(headersOf(before.request), headersOf(after.request)),
    ...compare(valuesOf(before.request), valuesOf(after.request)),
  ]
}

function compare(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Difference[] {
  const places = [...new Set([...before.keys(), ...after.keys()])]
  return places
    .map((place) => ({ place, before: before.get(place), after: after.get(place) }))
    .filter((difference) => difference.before !== difference.after)
}

function headersOf({ headers }: RequestView): Map<string, string> {
  const all = new Map<string, string>()
  for (const { name, value } of headers) {
    const place = `header ${name.toLowerCase()}`
    const earlier = all.get(place)
    all.set(place, earlier === undefined ? value : `${earlier}, ${value}`)
  }
  return all
}

function valuesOf({ body }: RequestView): Map<string, string> {
  const values = new Map<string, string>()
  if (body === undefined) return values
  const json = parsed(body.text)
  if (json === undefined) return values.set('the whole body', body.text ?? body.hex)
  flatten(json, '', values)
  return values
}

function flatten(value: unknown, path: string, values: Map<string, string>): void {
  const isLeaf = typeof value !== 'object' || value === null || Object.keys(value).length === 0
  if (isLeaf) {
    values.set(path === '' ? 'the whole body' : path, JSON.stringify(value))
    return
  }
  for (const [name, inner] of Object.entries(value)) flatten(inner, path === '' ? name : `${path}.${name}`, values)
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

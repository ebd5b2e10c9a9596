/** Writes `items[0].id` as `items.0.id`, so that both spellings of a path meet. */
export const plainPath = (path: string): string => path.replace(/\[["']?([^\]"']+)["']?\]/g, '.$1').replace(/^\./, '')

export const joinPath = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`)

/** Returns the path of the value that contains this one. */
export function parentOf(path: string): string {
  const end = path.lastIndexOf('.')
  return end === -1 ? '' : path.slice(0, end)
}

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1)

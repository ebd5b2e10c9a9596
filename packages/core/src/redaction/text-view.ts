/** A reading of a text: its characters, each with the part of the text that it stands for. */
export interface TextView {
  readonly text: string
  /** For each UTF-16 unit, where its part begins. */
  readonly from: ArrayLike<number>
  /** For each UTF-16 unit, where its part ends. */
  readonly to: ArrayLike<number>
}

/** Returns the view in which each character stands for itself. */
export function plainView(text: string): TextView {
  const from = new Uint32Array(text.length)
  const to = new Uint32Array(text.length)
  for (let at = 0; at < text.length; at++) {
    from[at] = at
    to[at] = at + 1
  }
  return { text, from, to }
}

/** Builds a view, character by character. */
export class ViewBuilder implements TextView {
  text = ''
  readonly from: number[] = []
  readonly to: number[] = []

  /** Adds characters that all stand for the same part. */
  add(characters: string, from: number, to: number): void {
    this.text += characters
    for (let unit = 0; unit < characters.length; unit++) {
      this.from.push(from)
      this.to.push(to)
    }
  }

  /** Adds characters of another view as they are. */
  copy(view: TextView, start: number, end: number): void {
    this.text += view.text.slice(start, end)
    for (let at = start; at < end; at++) {
      this.from.push(view.from[at]!)
      this.to.push(view.to[at]!)
    }
  }
}

const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/**
 * Makes `JSON.stringify` and `console.log` print the result of `view` for objects of a class. Call it in a static block of
 * the class, so that `view` can read private fields.
 */
export function printRedacted<T>({ prototype }: { readonly prototype: T }, view: (value: T) => unknown): void {
  const print = {
    value(this: T) {
      return view(this)
    },
    configurable: true,
    writable: true,
  }
  Object.defineProperties(prototype, { toJSON: print, [INSPECT]: print })
}

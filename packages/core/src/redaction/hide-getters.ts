/**
 * Keeps `console.dir` and `inspect` from reading the getters of a class and of its subclasses, which hold what is not to
 * be printed. With `showHidden` and `getters` they read those of all prototypes up to the platform's own, which they know
 * by the name of the constructor.
 */
export function hideGetters(base: object): void {
  Object.defineProperty(base, 'name', { value: 'Object' })
}

/** Wraps what the browser or the page calls: an error in it is reported, and never reaches the page. */
export type Guard = <Args extends readonly unknown[]>(run: (...args: Args) => void) => (...args: Args) => void

export const createGuard =
  (onError: (error: unknown) => void): Guard =>
  (run) =>
  (...args) => {
    try {
      run(...args)
    } catch (error) {
      onError(error)
    }
  }

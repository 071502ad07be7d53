import { outside } from './outside.ts'

/** Wraps what the page or the browser calls: an error in it never reaches the page, and Angular's zone does not see it. */
export const guard =
  <Args extends readonly unknown[]>(run: (...args: Args) => unknown) =>
  (...args: Args): void => {
    try {
      outside(() => run(...args))
    } catch {
      // The page took away or changed something that this needs.
    }
  }

import type { Say } from './say.ts'

/** A mistake, in a sentence or two; undefined for none. */
export type Mistake = string | undefined

/** The subject of a check, and what happens to it if reading it throws. */
export interface Subject {
  /** The beginning of a sentence. */
  readonly what: string
  /** A sentence. */
  readonly otherwise: string
}

/** Prints the mistakes that `find` finds. Never throws, although values of the page may have getters that throw, or be proxies. */
export function report(say: Say, { what, otherwise }: Subject, find: () => readonly Mistake[]): void {
  try {
    for (const mistake of find()) if (mistake !== undefined) say(mistake)
  } catch {
    say(`${what} cannot be read: a getter or a proxy in it throws. ${otherwise} Pass plain values.`)
  }
}

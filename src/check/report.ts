import type { Say } from './say.ts'

/** What is wrong, in a sentence or two; undefined where nothing is. */
export type Mistake = string | undefined

/** The subject of a check, and what happens to it if reading it throws. */
export interface Subject {
  /** The beginning of a sentence. */
  readonly what: string
  /** A sentence. */
  readonly otherwise: string
}

/** Says the mistakes that `find` finds. Never throws: what the page hands over may have getters that throw, or be a proxy. */
export function report(say: Say, { what, otherwise }: Subject, find: () => readonly Mistake[]): void {
  try {
    for (const mistake of find()) if (mistake !== undefined) say(mistake)
  } catch {
    say(`${what} cannot be read: a getter or a proxy in it throws. ${otherwise} Pass plain values.`)
  }
}

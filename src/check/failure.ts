import type { Say } from './say.ts'
import { nameUnset } from './show.ts'

/** Says that a beacon could not start, and why. Never throws. */
export function checkFailure(error: unknown, say: Say): void {
  say(
    `the beacon could not start, so nothing is recorded: ${messageOf(error)} Pass plain values to init(), and look for code in the page that replaces built-in functions.`,
  )
}

function messageOf(error: unknown): string {
  try {
    return nameUnset(String(error)).replace(/\.?$/, '.')
  } catch {
    return 'an error without a text.'
  }
}

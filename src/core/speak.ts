import { createSay, type Say } from '../check/index.ts'

/** Prints the mistakes that the development build finds, each text once. The production build has none. */
export const speak: Say = createSay((text) => {
  // oxlint-disable-next-line no-console -- for developers
  console.warn(text)
})

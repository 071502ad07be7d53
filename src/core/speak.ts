import { createSay, type Say } from '../check/index.ts'

/** Says what is wrong, each text once. The production build says nothing. */
export const speak: Say = createSay((text) => {
  // oxlint-disable-next-line no-console -- for developers
  console.warn(text)
})

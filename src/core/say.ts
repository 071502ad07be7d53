import { guard } from './guard.ts'

/** Prints a warning to the console, which the page may have replaced by anything. */
export const say: (message: string) => void = guard((message: string) => {
  // oxlint-disable-next-line no-console -- the one place that may
  console.warn('pharos:', message)
})

import { guard } from './guard.ts'

/** Tells the developer, and nobody else. A page may have replaced the console by anything. */
export const say: (message: string) => void = guard((message: string) => {
  // oxlint-disable-next-line no-console -- the one place that may
  console.warn('pharos:', message)
})

import { createOutbox, type Outbox } from './outbox.ts'
import type { Fetch } from './transport.ts'

/** What delivery needs of its host. */
export interface DeliveryPlatform {
  readonly fetch: Fetch
  /** True when the browser has taken the body; it may still be lost. */
  readonly sendBeacon: (url: string, body: string) => boolean
  /** The wall clock, ms since 1970. Only ages are made of it. */
  readonly now: () => number
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly isVisible: () => boolean
  readonly setTimeout: (work: () => void, delayMs: number) => unknown
  readonly clearTimeout: (timer: unknown) => void
  readonly outbox: Outbox
}

export const createBrowserPlatform = (): DeliveryPlatform => ({
  fetch: (url, init) => fetch(url, init),
  // Offline, the browser takes a beacon and loses it.
  sendBeacon: (url, body) => navigator.onLine && navigator.sendBeacon(url, body),
  now: Date.now,
  random: Math.random,
  isVisible: () => !document.hidden,
  setTimeout: (work, delayMs) => setTimeout(work, delayMs),
  clearTimeout: (timer) => clearTimeout(timer as number),
  outbox: createOutbox(),
})

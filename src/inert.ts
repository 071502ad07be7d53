import type { Beacon } from './core/beacon.ts'

const nothing = (): void => {}

/** A beacon that does nothing, for a page that has no endpoint, or has taken away something that a beacon needs. */
export const inert: Beacon = {
  increment: nothing,
  observe: nothing,
  counter: () => ({ add: nothing }),
  histogram: () => ({ record: nothing }),
  time: () => nothing,
  flush: async () => ({ acknowledged: false, reason: 'inactive' }),
  setConsent: nothing,
  stats: () => ({ recorded: 0, pending: 0, acknowledged: 0, dropped: {} }),
  shutdown: async () => {},
}

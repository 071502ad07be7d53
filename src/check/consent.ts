import { type Mistake, report } from './report.ts'
import type { Say } from './say.ts'
import { show } from './show.ts'

/** The mistake in a consent, be it the option or the argument of `setConsent`. */
export const mistakeInConsent = (value: unknown): Mistake =>
  typeof value === 'boolean' || ['granted', 'denied', 'pending'].includes(value as string)
    ? undefined
    : `consent: ${show(value)} is unknown, so it means denied. Use true, false, 'granted', 'denied' or 'pending'.`

/** Prints the mistake in a consent. Never throws. */
export function checkConsent(value: unknown, say: Say): void {
  report(say, { what: 'A consent', otherwise: 'It means denied.' }, () => [mistakeInConsent(value)])
}

/** What came of one request. Permanent means: the same bytes would get the same answer again. */
export type SendOutcome =
  | { readonly type: 'accepted' }
  | {
      readonly type: 'retry'
      /** How long the receiver asks to be left alone, ms. */
      readonly afterMs?: number
      /** Missing when there was no answer: nobody knows then whether the request was stored. */
      readonly status?: number
      readonly detail: string
    }
  | { readonly type: 'refused'; readonly status: number; readonly detail: string }

/** Statuses that speak of the data; with another one (401, 404, a redirect) no part of the request would fare better. */
const ABOUT_DATA: ReadonlySet<number> = new Set([400, 413, 422])

export const isAboutData = (outcome: SendOutcome & { type: 'refused' }): boolean => ABOUT_DATA.has(outcome.status)

/**
 * Whether the receiver itself is in trouble, so that further requests are pointless. A 500 can be about one series: Prometheus
 * answers it to data it should answer 400 to (prometheus 3.5 to native histograms when they are off, 2.42 to a duplicate label).
 */
export const isReceiverDown = (outcome: SendOutcome & { type: 'retry' }): boolean => outcome.status !== 500

export function describe(outcome: SendOutcome): string | undefined {
  if (outcome.type === 'accepted') return undefined
  return `${outcome.status ?? 'no answer'}: ${outcome.detail}`
}

/** The outcome of one request. Permanent means: the same bytes would get the same answer again. */
export type SendOutcome =
  | {
      readonly type: 'accepted'
      readonly status?: number
      /** Points that the receiver dropped from the request it accepted. */
      readonly rejected?: number
      /** The receiver's message for its operator. */
      readonly warning?: string
    }
  | {
      readonly type: 'retry'
      /** How long the receiver asks to be left alone, ms. */
      readonly afterMs?: number
      /** Missing when there was no answer, or nothing was sent. */
      readonly status?: number
      /** Why there was no answer. */
      readonly cause?: 'timeout' | 'no_answer'
      readonly detail: string
      /** Whether it may have been stored, at this try or one before. */
      readonly inDoubt: boolean
    }
  | {
      readonly type: 'refused'
      readonly status: number
      readonly detail: string
      /** Whether the request may have been stored. Bytes that were refused for their data never were. */
      readonly inDoubt?: boolean
    }
  /** Nothing was stored: the receiver does not speak this version. */
  | { readonly type: 'unsupported'; readonly status: number; readonly detail: string }

export type Failure = Exclude<SendOutcome, { type: 'accepted' }>

/** Statuses that speak of the data; with another one (401, 404, a redirect) no part of the request would fare better. */
const ABOUT_DATA: ReadonlySet<number> = new Set([400, 413, 422])

/**
 * Answers of something in front of a service that itself did not answer: 502 and 504 (RFC 9110, 15.6.3 and 15.6.5), and Cloudflare's
 * 520 (an empty answer), 522 (no more acknowledgement) and 524 (time-out). Any other answer is the service's own word.
 */
const SPEAKS_FOR_ANOTHER: ReadonlySet<number> = new Set([502, 504, 520, 522, 524])

export const isAboutData = (outcome: SendOutcome & { type: 'refused' }): boolean => ABOUT_DATA.has(outcome.status)

/** Whether a request with this failing answer may have been stored. */
export const leavesDoubt = (status: number): boolean => SPEAKS_FOR_ANOTHER.has(status)

/**
 * Whether further requests are pointless after this failure. A 500 can be about one series: Prometheus answers it to data it should
 * answer 400 to (3.5 to native histograms when they are off, 2.42 to a duplicate label, 3.14 to OTLP data that it does not take).
 */
export const isReceiverDown = (outcome: Failure): boolean => outcome.status !== 500

/** Whether the receiver is in trouble, whether another try is worthwhile or not. */
export const isTrouble = (outcome: SendOutcome): boolean =>
  outcome.type === 'retry' || (outcome.type === 'refused' && outcome.status >= 500)

/** The kind of a failure, for counting: 'timeout', 'no_answer' or the status as text. */
export function errorClass(outcome: Failure): string {
  if (outcome.status !== undefined) return String(outcome.status)
  return outcome.type === 'retry' && outcome.cause === 'timeout' ? 'timeout' : 'no_answer'
}

export const describe = (outcome: Failure): string => `${outcome.status ?? 'no answer'}: ${outcome.detail}`

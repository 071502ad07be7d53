import { describe, errorClass, type SendOutcome } from './outcome.ts'

/** What one push cost, every try counted. */
export interface PushTally {
  readonly durationMs: number
  /** Requests sent, by outcome: accepted, retry, refused. */
  readonly requests: Readonly<Record<string, number>>
  /** Failed tries by what was wrong: 'timeout', 'no_answer', or the status as text. */
  readonly errors: Readonly<Record<string, number>>
  /** Bytes of the bodies sent, after compression. */
  readonly bytes: number
  /** Points that the receiver said it dropped from requests it accepted. */
  readonly rejected: number
  /** The last failure, for the operator's log; never holds a secret. */
  readonly error?: string
}

/** The tally of a push that sent nothing. */
export const EMPTY_TALLY: PushTally = { durationMs: 0, requests: {}, errors: {}, bytes: 0, rejected: 0 }

/** Counts the tries of one push. */
export interface Tally {
  readonly add: (outcome: SendOutcome, bytes: number) => void
  /** A failure that is no answer to a request. */
  readonly fail: (detail: string) => void
  readonly result: (durationMs: number) => PushTally
  /** Whether nothing was sent. */
  readonly isEmpty: () => boolean
}

/** @param onFailure gets each failure, without the destination's name */
export function createTally(name: string, onFailure: (detail: string) => void): Tally {
  const requests: Record<string, number> = {}
  const errors: Record<string, number> = {}
  let bytes = 0
  let rejected = 0
  let failure: string | undefined
  let warning: string | undefined

  const fail = (detail: string): void => {
    failure = detail
    onFailure(detail)
  }

  return {
    add: (outcome, sentBytes) => {
      // A receiver that does not speak the version refuses everything that is written in it.
      const type = outcome.type === 'unsupported' ? 'refused' : outcome.type
      requests[type] = (requests[type] ?? 0) + 1
      bytes += sentBytes
      if (outcome.type === 'accepted') {
        rejected += outcome.rejected ?? 0
        if (outcome.warning) warning = `warning: ${outcome.warning}`
        return
      }
      const kind = errorClass(outcome)
      errors[kind] = (errors[kind] ?? 0) + 1
      fail(describe(outcome))
    },
    fail,
    result: (durationMs) => {
      const text = failure ?? warning
      const error = text === undefined ? {} : { error: `destination "${name}": ${text}` }
      return { durationMs, requests, errors, bytes, rejected, ...error }
    },
    isEmpty: () => Object.keys(requests).length === 0,
  }
}

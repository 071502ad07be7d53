import { describe, errorClass, type SendOutcome } from './outcome.ts'
import type { PushBooks } from './types.ts'

/** The part of a report that every try adds to. */
export type Tally = Pick<PushBooks, 'requests' | 'errors' | 'bytes' | 'rejected' | 'error'>

/** The notes of one push. */
export interface Books {
  readonly note: (outcome: SendOutcome, bytes: number) => void
  /** A failure that is no answer to a request. */
  readonly fail: (detail: string) => void
  readonly tally: () => Tally
  /** Whether anything was sent. */
  readonly isEmpty: () => boolean
}

/** @param onFailure told what went wrong, without the destination's name */
export function openBooks(name: string, onFailure: (detail: string) => void): Books {
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
    note: (outcome, sentBytes) => {
      // A version that is not spoken is a refusal of all it was written in.
      const type = outcome.type === 'unsupported' ? 'refused' : outcome.type
      requests[type] = (requests[type] ?? 0) + 1
      bytes += sentBytes
      if (outcome.type === 'accepted') {
        rejected += outcome.rejected ?? 0
        if (outcome.warning) warning = `warning: ${outcome.warning}`
        return
      }
      const what = errorClass(outcome)
      errors[what] = (errors[what] ?? 0) + 1
      fail(describe(outcome))
    },
    fail,
    tally: () => {
      const text = failure ?? warning
      const told = text === undefined ? {} : { error: `destination "${name}": ${text}` }
      return { requests, errors, bytes, rejected, ...told }
    },
    isEmpty: () => Object.keys(requests).length === 0,
  }
}

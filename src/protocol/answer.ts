/** The header that only Pharos's own answers have. An answer without it says nothing about a beacon, with any status. */
export const MARK = 'pharos'

/** `acknowledged`: on durable storage. `split`: refused, but a part of the body may fare better. `retry`: no answer, keep it. */
export type Verdict = 'acknowledged' | 'retry' | 'split' | 'rejected'

export interface AnswerToBeacon {
  /** 0 where none came. */
  readonly status: number
  /** Whether the answer has the header MARK. */
  readonly isMarked: boolean
  /** `reason` of its problem document. */
  readonly reason?: unknown
}

/** The reasons that are final. Any other, and none, says nothing about the batches: they are kept. */
const FINAL =
  /^(bad_(json|utf8|encoding|envelope|group|batch)|body_too_large|unsupported_(version|encoding)|too_many_batches|expired|origin_not_allowed)$/

export const verdictOn = ({ status, isMarked, reason }: AnswerToBeacon): Verdict => {
  if (!isMarked) return 'retry'
  if (status >= 200 && status < 300) return 'acknowledged'
  if (typeof reason !== 'string' || !FINAL.test(reason)) return 'retry'
  // The sender's origin or coding is that of every part. Else one bad batch, left by an older release, must not take others with it.
  return status === 403 || status === 415 ? 'rejected' : 'split'
}

import { RETRY_AFTER_CAP_MS } from '../protocol/backoff.ts'

/** Longest wait for an answer, ms. */
export const ANSWER_TIMEOUT_MS = 10_000

/** What an answer means to a batch (docs/PROTOCOL.md). `split`: refused, but a part of the body may fare better. */
export type Verdict = 'acknowledged' | 'retry' | 'split' | 'rejected'

export interface Answer {
  /** 0: there was none. */
  readonly status: number
  /** `Retry-After`, ms. */
  readonly waitMs?: number | undefined
  /** `pharos-settings`; null where the answer has none. */
  readonly settings?: string | null
}

export type Fetch = (url: string, init: RequestInit) => Promise<Pick<Response, 'status' | 'headers' | 'text'>>

/** A request that needs no preflight, carries no cookie and outlives the page. */
export const requestInit = (body: string): RequestInit => ({
  method: 'POST',
  keepalive: true,
  credentials: 'omit',
  headers: { 'content-type': 'text/plain;charset=UTF-8' },
  body,
})

/** Sends one body and waits for the answer. Never rejects. */
export async function post(url: string, body: string, fetch: Fetch): Promise<Answer> {
  try {
    // A redirect may end at a page that answers 200 to a GET: that would acknowledge what nobody took.
    const init: RequestInit = {
      ...requestInit(body),
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    }
    const response = await fetch(url, init)
    // An unread body can hold the keepalive budget; what it says does not matter.
    response.text().catch(() => {})
    const { status, headers } = response
    return { status, waitMs: waitIn(headers.get('retry-after')), settings: headers.get('pharos-settings') }
  } catch {
    return { status: 0 }
  }
}

// Seconds only: the other form is a date, which a page with a wrong clock would misread.
const waitIn = (retryAfter: string | null): number | undefined =>
  Math.min(Number(retryAfter) * 1_000, RETRY_AFTER_CAP_MS) || undefined

export const verdictOn = (status: number): Verdict => {
  if (status >= 500 || [0, 408, 425, 429].includes(status)) return 'retry'
  if (status >= 200 && status < 300) return 'acknowledged'
  // One bad batch, left by an older release, say, must not take the others of its body with it.
  return [400, 413, 422].includes(status) ? 'split' : 'rejected'
}

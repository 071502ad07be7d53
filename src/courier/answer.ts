import { checkAnswer, checkRefusal } from '../check/index.ts'
import { guard } from '../core/guard.ts'
import { say } from '../core/say.ts'
import { speak } from '../core/speak.ts'
import { MARK, verdictOn, type Verdict } from '../protocol/answer.ts'
import { RETRY_AFTER_CAP_MS } from '../protocol/backoff.ts'
import { parse } from './parse.ts'

/**
 * Longest wait for an answer, ms. The request's own time-out is not enough: in Firefox a request never ends, aborted or not, if its
 * answer came while the page lay in the back/forward cache (docs/BROWSERS.md#the-answer-and-the-backforward-cache). Longer than
 * REQUEST_TIMEOUT_MS.
 */
const ANSWER_TIMEOUT_MS = 11_000

const NO_ANSWER: Answer = { verdict: 'retry', reason: 'network' }

export interface Answer {
  readonly verdict: Verdict
  /** Why it is not acknowledged: `network`, `not_pharos` or `http_<status>`. */
  readonly reason: string
  /** `Retry-After`, ms. */
  readonly waitMs?: number | undefined
  /** `pharos-settings`; null where the answer has none. */
  readonly settings?: string | null
}

// Seconds only: the other form is a date, which a page with a wrong clock would misread.
const waitIn = (retryAfter: string | null): number | undefined =>
  Math.min(Math.max(Number(retryAfter) * 1_000, 0), RETRY_AFTER_CAP_MS) || undefined

type Ask = () => Promise<Response | undefined>

/** Reads responses. Only the edge can acknowledge or refuse: an answer without its mark counts as none. Never rejects. */
export const createReader = (url: string) => {
  let isSaid = false
  const read = async (ask: Ask): Promise<Answer> => {
    try {
      // A page may have replaced `fetch` by one that throws.
      const response = (await ask())!
      const { status, headers, redirected } = response
      // A redirect may have made a GET of the POST (https://fetch.spec.whatwg.org/#http-redirect-fetch), and its answer is not about the body.
      const isMarked = !redirected && headers.has(MARK)
      // A fetch counts against the keepalive budget until its body is read (https://fetch.spec.whatwg.org/#http-network-or-cache-fetch).
      const { reason } = parse(await response.text())
      if (isMarked) {
        checkRefusal({ url, reason }, speak)
        return {
          verdict: verdictOn({ status, isMarked, reason }),
          reason: `http_${status}`,
          waitMs: waitIn(headers.get('retry-after')),
          settings: headers.get('pharos-settings'),
        }
      }
      if (!isSaid) say(`answered by something that is not Pharos: ${url} ${status}`)
      isSaid = true
      checkAnswer(url, status, speak)
      return { verdict: 'retry', reason: 'not_pharos' }
    } catch {
      checkAnswer(url, 0, speak)
      return NO_ANSWER
    }
  }
  return (ask: Ask): Promise<Answer> =>
    new Promise((resolve) => {
      // The platform's own timer, because a page may have replaced `setTimeout`. Safari 15 has no `AbortSignal.timeout` (core/send.ts).
      guard(() => AbortSignal.timeout(ANSWER_TIMEOUT_MS).addEventListener('abort', () => resolve(NO_ANSWER)))()
      void read(ask).then(resolve)
    })
}

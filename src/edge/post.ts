import { ANSWER_TIMEOUT_MS, type Answer } from '../delivery/transport.ts'
import { retryAfterMs } from '../protocol/backoff.ts'
import type { EdgeSettings } from './options.ts'

/** Sends one body and waits for the answer. Never rejects. */
export async function post(
  body: string,
  { url, fetch, headers }: Pick<EdgeSettings, 'url' | 'fetch' | 'headers'>,
): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'text/plain;charset=UTF-8' },
      body,
      // A redirected POST may become a GET, and the page it leads to would answer 200 as if it had counted.
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    })
    // An unread body holds its connection; what it says does not matter.
    response.body?.cancel().catch(() => {})
    // 0 is no wait that was asked for: the client's own is used.
    const waitMs = retryAfterMs(response.headers.get('retry-after'), Date.now()) || undefined
    return { status: response.status, waitMs, settings: response.headers.get('pharos-settings') }
  } catch {
    return { status: 0 }
  }
}

import { REQUEST_TIMEOUT_MS } from '../core/send.ts'
import { type AnswerToBeacon, MARK } from '../protocol/answer.ts'
import { retryAfterMs } from '../protocol/backoff.ts'
import type { EdgeFetch, EdgeSettings } from './options.ts'

export interface Answer extends AnswerToBeacon {
  /** `Retry-After`, ms. */
  readonly waitMs?: number | undefined
  /** `pharos-settings`; null where the answer has none. */
  readonly settings?: string | null
}

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
      // A redirect may make a GET of the POST (https://fetch.spec.whatwg.org/#http-redirect-fetch), whose 200 would look like an acknowledgement.
      redirect: 'manual',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    })
    return await read(response)
  } catch {
    return { status: 0, isMarked: false }
  }
}

type EdgeResponse = Awaited<ReturnType<EdgeFetch>>

async function read(response: EdgeResponse): Promise<Answer> {
  const { status, headers } = response
  // Compared by type and not with null: the headers of a caller's own `fetch` may give undefined, which is no mark.
  const isMarked = typeof headers.get(MARK) === 'string'
  const isProblem = isMarked && status >= 400
  if (!isProblem) void release(response)
  // The headers of a proxy or a login page do not come from the worker.
  if (!isMarked) return { status, isMarked }
  return {
    status,
    isMarked,
    reason: isProblem ? await reasonOf(response) : undefined,
    // 0 asks for no wait, so the client uses its own back-off.
    waitMs: retryAfterMs(headers.get('retry-after'), Date.now()) || undefined,
    settings: headers.get('pharos-settings'),
  }
}

/** An unread body holds its connection. */
async function release({ body }: EdgeResponse): Promise<void> {
  try {
    await body?.cancel()
  } catch {
    // The status has been read already.
  }
}

async function reasonOf(response: EdgeResponse): Promise<unknown> {
  try {
    return ((await response.json()) as { readonly reason?: unknown } | null)?.reason
  } catch {
    return undefined
  }
}

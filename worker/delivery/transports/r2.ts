import type { Answer } from '../../model/types.ts'
import type { DeliverContext } from '../context.ts'
import type { Transport } from '../transport.ts'

/**
 * Stores the body of `r2://BINDING/key` as the object `key`, over what is there: the same request twice is one object.
 * The key is percent-encoded in the URL. 404 with the binding's name when there is no such bucket; rejects when R2 fails.
 * A put cannot be taken back, so after `signal` it may still succeed. As with a lost answer, the outcome is unknown.
 */
export function createR2Transport(context: Pick<DeliverContext, 'bucket'>): Transport {
  return async ({ url, headers, body }, signal) => {
    signal.throwIfAborted()
    const [binding = '', ...path] = url.slice('r2://'.length).split('/')
    const bucket = context.bucket(binding)
    if (!bucket) return answer(404, `no R2 bucket is bound as ${binding}`)
    // The file is kept as it is, so a gzip file says so in its type, not in a content coding that a browser would undo.
    const contentType = headers['content-type']
    const put = bucket.put(
      path.map(decodeURIComponent).join('/'),
      body,
      contentType === undefined ? {} : { httpMetadata: { contentType } },
    )
    await Promise.race([put, aborted(signal)])
    return answer(200, '')
  }
}

const aborted = async (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })

const answer = (status: number, text: string): Answer => ({
  status,
  header: () => undefined,
  body: new TextEncoder().encode(text),
})

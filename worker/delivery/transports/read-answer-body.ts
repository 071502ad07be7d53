import { concatBytes } from '../../model/concat-bytes.ts'

/** Bytes of an answer that are read. To read more would cost more than a new connection. */
export const MAX_BODY_BYTES = 65_536

/**
 * Reads an answer to its end, at most its first 64 KiB. A body that is not read holds one of the six connections of a
 * worker (https://developers.cloudflare.com/workers/platform/limits/#simultaneous-open-connections). An answer that
 * breaks off is as good, because the status was read before.
 */
export async function readAnswerBody(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let bytes = 0
  try {
    const reader = response.body?.getReader()
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      parts.push(part.value.subarray(0, MAX_BODY_BYTES - bytes))
      bytes += part.value.byteLength
      if (bytes < MAX_BODY_BYTES) continue
      await reader?.cancel()
      break
    }
  } catch {
    // The status says enough.
  }
  return concatBytes(parts)
}

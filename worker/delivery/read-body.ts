import { concatBytes } from '../model/concat-bytes.ts'

/** Bytes of an answer worth reading; beyond, the connection is not worth keeping. */
export const MAX_BODY_BYTES = 65_536

/**
 * Reads an answer to its end, so that its connection can be used again, at most its first 64 KiB.
 * The status has been read by then: an answer that breaks off changes nothing.
 */
export async function readBody(response: Response): Promise<Uint8Array> {
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
    // Told by the status already.
  }
  return concatBytes(parts)
}

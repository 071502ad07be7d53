/** Bytes of an answer worth reading; beyond, the connection is not worth keeping. */
const MAX_BODY_BYTES = 65_536

/** Characters of an answer that are kept for the operator. */
const MAX_DETAIL_LENGTH = 200

/**
 * Reads an answer to its end, so that its connection can be used again, and returns its beginning as one printable line.
 * The status has been read by then: an answer that breaks off changes nothing.
 */
export async function drainBody(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  try {
    const reader = response.body?.getReader()
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      if (text.length < MAX_DETAIL_LENGTH) text += decoder.decode(part.value, { stream: true })
      bytes += part.value.byteLength
      if (bytes > MAX_BODY_BYTES) await reader?.cancel()
    }
  } catch {
    // Told by the status already.
  }
  return text
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_DETAIL_LENGTH)
}

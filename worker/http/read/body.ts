import { MAX_BODY_BYTES } from '../../../src/protocol/limits.ts'
import { fail, ok, type Result } from '../../../src/protocol/result.ts'
import { concatBytes } from '../../model/concat-bytes.ts'

export type BodyError = 'body_too_large' | 'unsupported_encoding' | 'bad_encoding' | 'unreadable_body' | 'bad_utf8'

/** How much of a body that is refused anyway is still read: an answer sent before would reset the connection and be lost. */
export const MAX_DRAINED_BYTES = 1_048_576

// `request.text()` would replace broken bytes by U+FFFD, and so count under a name that was not sent.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

/**
 * The body as text, never more than `maxBytes` of it. workerd does not decode gzip in requests, so this does.
 * @param maxBytes MAX_BODY_BYTES where none is given; at most MAX_DRAINED_BYTES
 */
export async function readText(
  request: Request,
  maxBytes: number = MAX_BODY_BYTES,
): Promise<Result<string, BodyError>> {
  const coding = request.headers.get('content-encoding')?.trim().toLowerCase()
  const isGzip = coding === 'gzip' || coding === 'x-gzip'
  if (coding && coding !== 'identity' && !isGzip) return fail('unsupported_encoding')
  const raw = await readRequest(request, maxBytes)
  if (!raw.ok) return raw
  const bytes = isGzip ? await gunzip(raw.value, maxBytes) : raw
  return bytes.ok ? decodeUtf8(bytes.value) : bytes
}

/** Reads what is left of the body, up to MAX_DRAINED_BYTES, and forgets it. */
export async function drain(request: Request): Promise<void> {
  if (request.bodyUsed || !request.body) return
  await readUpTo(request.body, 0, MAX_DRAINED_BYTES).catch(() => undefined)
}

async function readRequest(request: Request, maxBytes: number): Promise<Result<Uint8Array, BodyError>> {
  if (!request.body) return ok(new Uint8Array())
  try {
    // A body of announced length is read in one step: much cheaper than a reader.
    const isShort = Number(request.headers.get('content-length') ?? Infinity) <= maxBytes
    const bytes = isShort ? await request.bytes() : await readUpTo(request.body, maxBytes, MAX_DRAINED_BYTES)
    return bytes.length > maxBytes ? fail('body_too_large') : ok(bytes)
  } catch {
    return fail('unreadable_body')
  }
}

async function gunzip(bytes: Uint8Array, maxBytes: number): Promise<Result<Uint8Array, BodyError>> {
  const source = new Response(bytes).body!
  try {
    const plain = await readUpTo(source.pipeThrough(new DecompressionStream('gzip')), maxBytes, maxBytes)
    return plain.length > maxBytes ? fail('body_too_large') : ok(plain)
  } catch {
    return fail('bad_encoding')
  }
}

function decodeUtf8(bytes: Uint8Array): Result<string, BodyError> {
  try {
    return ok(utf8.decode(bytes))
  } catch {
    return fail('bad_utf8')
  }
}

/** All of a stream, or more than `keepBytes` of it when it is longer; a long one is read on to `readBytes`, then cancelled. */
async function readUpTo(stream: ReadableStream, keepBytes: number, readBytes: number): Promise<Uint8Array> {
  const reader = stream.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = (await reader.read()) as ReadableStreamReadResult<Uint8Array>
    if (done) break
    if (length <= keepBytes) chunks.push(value)
    length += value.length
    if (length > readBytes) {
      await reader.cancel().catch(() => undefined)
      break
    }
  }
  return chunks.length === 1 ? chunks[0]! : concatBytes(chunks)
}

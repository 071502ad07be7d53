import { MAX_BODY_BYTES } from '../../../src/protocol/limits.ts'
import { fail, ok, type Result } from '../../../src/protocol/result.ts'
import { readText, type BodyError } from './body.ts'

/** The body as JSON. @param maxBytes MAX_BODY_BYTES where none is given */
export async function readJson(
  request: Request,
  maxBytes: number = MAX_BODY_BYTES,
): Promise<Result<unknown, BodyError | 'bad_json'>> {
  const text = await readText(request, maxBytes)
  if (!text.ok) return text
  try {
    return ok(JSON.parse(text.value))
  } catch {
    return fail('bad_json')
  }
}

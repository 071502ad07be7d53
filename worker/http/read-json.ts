import { fail, ok, type Result } from '../../src/protocol/result.ts'
import { readText, type BodyError } from './read-body.ts'

/** The body as JSON, of at most MAX_BODY_BYTES. */
export async function readJson(request: Request): Promise<Result<unknown, BodyError | 'bad_json'>> {
  const text = await readText(request)
  if (!text.ok) return text
  try {
    return ok(JSON.parse(text.value))
  } catch {
    return fail('bad_json')
  }
}

import { decodeEnvelope, type EnvelopeError } from '../../src/protocol/decode.ts'
import { RETENTION_MS } from '../../src/protocol/limits.ts'
import { fail, ok, type Result } from '../../src/protocol/result.ts'
import type { AdmittedBatch } from '../model/types.ts'
import { admitBatch, type AdmissionRules } from './admit.ts'

/** The batches in the text of a body, as they will be added. */
export function admitText(
  text: string,
  rules: AdmissionRules,
): Result<AdmittedBatch[], EnvelopeError | 'bad_json' | 'expired'> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return fail('bad_json')
  }
  const decoded = decodeEnvelope(json)
  if (!decoded.ok) return decoded
  if (decoded.value.every(({ ageMs }) => ageMs > RETENTION_MS)) return fail('expired')
  // A batch without a valid point is admitted too, so that its points are counted by their reasons, once.
  return ok(decoded.value.map((batch) => admitBatch(batch, rules)))
}

import { PbfReader } from 'pbf'
import type { Answer, Verdict } from '../../model/types.ts'
import { readExportMetricsServiceResponse } from './response.generated.js'
import { OTLP_RETRY_STATUSES } from '../shared/retry-statuses.ts'
import { statusReader } from '../shared/status-reader.ts'
import { isObject } from '../../../src/protocol/json.ts'

const readStatus = statusReader(OTLP_RETRY_STATUSES)

/** Reads an answer. A partial success is a success: rejected points would be rejected again. */
export function readOtlpAnswer(answer: Answer): Verdict {
  const verdict = readStatus(answer)
  if (verdict.type !== 'accepted') return verdict
  const { header, body } = answer
  const { rejected, warning } = readPartialSuccess(header('content-type') ?? '', body)
  return {
    type: 'accepted',
    ...(Number.isSafeInteger(rejected) && rejected > 0 ? { rejected } : {}),
    ...(warning === '' ? {} : { warning }),
  }
}

interface PartialSuccess {
  readonly rejected: number
  readonly warning: string
}

const NOTHING: PartialSuccess = { rejected: 0, warning: '' }

/** The request was taken, so a body that cannot be read is no reason to send it again. */
function readPartialSuccess(contentType: string, body: Uint8Array): PartialSuccess {
  try {
    if (/^application\/json\b/i.test(contentType)) return fromJson(JSON.parse(new TextDecoder().decode(body)))
    if (!/^application\/x-protobuf\b/i.test(contentType)) return NOTHING
    const { partial_success } = readExportMetricsServiceResponse(new PbfReader(body))
    if (!partial_success) return NOTHING
    return { rejected: partial_success.rejected_data_points, warning: partial_success.error_message }
  } catch {
    return NOTHING
  }
}

function fromJson(answer: unknown): PartialSuccess {
  const partial = isObject(answer) ? answer['partialSuccess'] : undefined
  if (!isObject(partial)) return NOTHING
  const { rejectedDataPoints = 0, errorMessage = '' } = partial
  return { rejected: Number(rejectedDataPoints), warning: typeof errorMessage === 'string' ? errorMessage : '' }
}

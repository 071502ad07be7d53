import { PbfReader } from 'pbf'
import type { Answer, Verdict } from '../../model/types.ts'
import { readExportMetricsServiceResponse } from './response.generated.js'

/** The only ones that may be sent again; a 500 may not. Source: OTLP specification, OTLP/HTTP "Failures". */
const RETRY_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504])

/** Reads an answer. A partial success is a success: rejected points would be rejected again. */
export function readOtlpAnswer({ status, header, body }: Answer): Verdict {
  if (RETRY_STATUSES.has(status)) return { type: 'retry' }
  if (status < 200 || status >= 300) return { type: 'refused' }
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
  const { rejectedDataPoints = 0, errorMessage = '' } = recordOf(recordOf(answer)['partialSuccess'])
  return { rejected: Number(rejectedDataPoints), warning: typeof errorMessage === 'string' ? errorMessage : '' }
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

import { type DecodedPoint, decodePoints } from './decode-points.ts'
import { type DecodedResource, decodeResource } from './decode-resource.ts'
import { histograms, increases } from './decode-value.ts'
import { isArray, isCount, isObject, type Json } from './json.ts'
import * as limits from './limits.ts'
import { fail, ok, type Result } from './result.ts'
import type { CanonicalAttributes, DropReason, ExactSum, Histogram } from './types.ts'

export interface DecodedBatch {
  readonly session: string
  readonly sequence: number
  readonly ageMs: number
  /** How many sessions this one stands for: 1 to MAX_WEIGHT. Every value times this is within the limits. */
  readonly weight: number
  readonly service: string
  readonly release: string
  /** The attributes of the resource: on every series. */
  readonly attributes: CanonicalAttributes
  readonly counters: readonly DecodedPoint<ExactSum>[]
  readonly histograms: readonly DecodedPoint<Histogram>[]
  /** One reason for each point that was not valid, and `bad_resource` where the resource lost something. */
  readonly dropped: readonly DropReason[]
}

/** Why a whole body is refused: the stable `reason` of the problem document. */
export type EnvelopeError = 'bad_envelope' | 'unsupported_version' | 'bad_group' | 'bad_batch' | 'too_many_batches'

const isTime = (value: Json): value is number => Number.isFinite(value)

/** Reads a parsed body. Structure must be right throughout; a point, or a part of a resource, that is not valid is left out and its reason kept. */
export function decodeEnvelope(body: Json): Result<readonly DecodedBatch[], EnvelopeError> {
  if (!isObject(body)) return fail('bad_envelope')
  if (body['v'] !== 1) return fail('v' in body ? 'unsupported_version' : 'bad_envelope')
  const { sent, groups } = body
  if (!isTime(sent) || !isArray(groups) || groups.length === 0) return fail('bad_envelope')
  const batches: DecodedBatch[] = []
  for (const group of groups) {
    const head = decodeGroup(group)
    if (!head) return fail('bad_group')
    for (const item of head.items) {
      if (batches.length === limits.MAX_BATCHES_PER_BODY) return fail('too_many_batches')
      const batch = decodeBatch(item, sent, head)
      if (!batch) return fail('bad_batch')
      batches.push(batch)
    }
  }
  return ok(batches)
}

interface GroupHead extends DecodedResource {
  readonly session: string
  readonly weight: number
  readonly items: readonly Json[]
}

function decodeGroup(group: Json): GroupHead | undefined {
  if (!isObject(group)) return undefined
  const { session, weight = 1, resource, batches } = group
  if (typeof session !== 'string' || !/^[\w-]{16}$/.test(session)) return undefined
  if (!isCount(weight) || weight === 0 || weight > limits.MAX_WEIGHT) return undefined
  if (!isObject(resource) || !isArray(batches) || batches.length === 0) return undefined
  return { session, weight, ...decodeResource(resource), items: batches }
}

function decodeBatch(item: Json, sent: number, head: GroupHead): DecodedBatch | undefined {
  if (!isArray(item) || item.length !== 4) return undefined
  const [sequence, sealedMs, counterItems, histogramItems] = item
  if (!isCount(sequence) || sequence === 0 || !isTime(sealedMs)) return undefined
  if (!isArray(counterItems) || !isArray(histogramItems)) return undefined
  const points = counterItems.length + histogramItems.length
  if (points === 0 || points > limits.MAX_POINTS_PER_BATCH) return undefined
  const { session, weight, service, release, attributes, isWhole } = head
  const dropped: DropReason[] = isWhole ? [] : ['bad_resource']
  const context = { weight, dropped }
  // Two finite times may lie infinitely far apart, and ages are measured and added up.
  const ageMs = Math.min(Math.max(0, sent - sealedMs), limits.MAX_COUNT)
  return {
    session,
    sequence,
    ageMs,
    weight,
    service,
    release,
    attributes,
    counters: decodePoints(counterItems, increases, context),
    histograms: decodePoints(histogramItems, histograms, context),
    dropped,
  }
}

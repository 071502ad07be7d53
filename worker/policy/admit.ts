import type { DecodedBatch } from '../../src/protocol/decode.ts'
import type { DecodedPoint } from '../../src/protocol/decode-points.ts'
import { MAX_ATTRIBUTES, RETENTION_MS } from '../../src/protocol/limits.ts'
import type { CanonicalAttributes, DropReason } from '../../src/protocol/types.ts'
import { loneHistogram } from '../../src/protocol/wire.ts'
import { seriesKey } from '../model/series-key.ts'
import type { Config } from '../config/types.ts'
import { histogramKey } from '../model/self-counts.ts'
import type { AdmittedBatch, Delta, Series, SeriesKey } from '../model/types.ts'
import { areAllowed, isOfKind } from './catalog.ts'
import { isPageReport, isReservedName } from '../model/reserved.ts'
import { scaleDelta } from './scale.ts'

/** The part of the configuration that admission needs. */
export type AdmissionRules = Pick<Config, 'metrics' | 'catalogOnly' | 'resourceLabels' | 'scaleSamples'>

/** Gives every point of a batch its series. Points the policy refuses are left out and counted with the batch. */
export function admitBatch(batch: DecodedBatch, rules: AdmissionRules): AdmittedBatch {
  const { session, sequence, ageMs, weight } = batch
  const factor = rules.scaleSamples ? weight : 1
  const dropped: DropReason[] = [...batch.dropped]
  const deltas: (readonly [SeriesKey, Delta])[] = []
  const admit = (point: PagePoint): void => {
    const series = ageMs > RETENTION_MS ? 'expired' : seriesOf(point, batch, rules)
    if (typeof series === 'string') dropped.push(series)
    // Pharos's own metrics count what happened in this session only: losses of other sessions cannot be inferred.
    else deltas.push([seriesKey(series), isReservedName(point.name) ? point.value : scaleDelta(point.value, factor)])
  }
  for (const point of batch.counters) admit({ kind: 'counter', ...point })
  for (const point of batch.histograms) admit({ kind: 'histogram', ...point })
  // A session's first batch is counted once, so this is once for each session.
  if (weight > 1 && sequence === 1 && deltas.length > 0) deltas.push([SAMPLE_WEIGHT, loneHistogram(weight)])
  return { session, sequence, ageMs, deltas, dropped }
}

/** Its count is how many sampled sessions there were, its sum how many they stand for. */
const SAMPLE_WEIGHT = histogramKey('pharos.sample_weight', [])

interface PagePoint extends DecodedPoint<Delta> {
  readonly kind: 'counter' | 'histogram'
}

function seriesOf(point: PagePoint, batch: DecodedBatch, rules: AdmissionRules): Series | DropReason {
  const { kind, name, attributes: own } = point
  if (isReservedName(name)) {
    // No resource: a stranger must not be able to multiply the series of Pharos itself.
    const isReport = kind === 'counter' && isPageReport(name, own)
    return isReport ? { kind, name, service: '', release: '', attributes: own } : 'reserved_name'
  }
  const metadata = rules.catalogOnly && Object.hasOwn(rules.metrics, name) ? rules.metrics[name] : undefined
  if (rules.catalogOnly && !isOfKind(metadata, kind)) return 'unknown_metric'
  const attributes = mergeAttributes(batch.attributes, own)
  if (metadata && !areAllowed(metadata, attributes, own)) return 'bad_attributes'
  if (attributes.length > MAX_ATTRIBUTES) return 'bad_attributes'
  const { service, release } = rules.resourceLabels
  return {
    kind,
    name,
    // Series that differ only in a label that is dropped are one series.
    service: service ? batch.service : '',
    release: release ? batch.release : '',
    attributes,
  }
}

/** Both lists are sorted and so is the result. Where both have a name, the point's own value wins. */
function mergeAttributes(resource: CanonicalAttributes, own: CanonicalAttributes): CanonicalAttributes {
  if (resource.length === 0) return own
  const merged: (readonly [string, string])[] = []
  let next = 0
  for (const attribute of own) {
    while (next < resource.length && resource[next]![0] < attribute[0]) merged.push(resource[next++]!)
    if (resource[next]?.[0] === attribute[0]) next++
    merged.push(attribute)
  }
  while (next < resource.length) merged.push(resource[next++]!)
  return merged
}

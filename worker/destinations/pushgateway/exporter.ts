import type { PushgatewayConfig } from './config.ts'
import type { ExportContext } from '../../model/export-context.ts'
import type { Exporter, ExportRequest, SeriesKey, Snapshot } from '../../model/types.ts'
import { encodeText } from '../prometheus/exposition.ts'
import { type Family, groupFamilies } from '../prometheus/families.ts'
import { groupingPath } from './grouping-path.ts'
import { encodeUtf8 } from '../shared/utf8.ts'
import { statusReader } from '../shared/status-reader.ts'

/**
 * A Pushgateway: all totals as text, under one grouping key.
 *
 * A PUT replaces the whole group, so everything goes into one request, however large, and a series that ended vanishes with the next.
 * When the last series ends, an empty PUT empties the group. An empty snapshot sends nothing, because it does not tell what the group
 * holds. There are no zeros: Prometheus reads the gateway when it scrapes, not when a total is pushed.
 *
 * A PUT that was refused is sent in parts, each a POST of whole families, which replaces only families of the same names: so one
 * family that the Pushgateway does not take (it has another type in another group) keeps none of the others out. What a series
 * or family was before it ended stays there until a PUT is taken again.
 * Source: prometheus/pushgateway, README, "API".
 */
export function createPushgatewayExporter(config: PushgatewayConfig, all: ExportContext): Exporter {
  const grouping = { ...config.grouping, job: config.job }
  const familyOptions = {
    resourceLabels: all.resourceLabels,
    externalLabels: config.externalLabels,
    areSeriesUnique: config.mapping.length === 0,
    // The Pushgateway writes these over whatever labels of the same names a series has.
    reserved: Object.keys(grouping),
  }
  const url = `${config.url.replace(/\/+$/, '')}/metrics${groupingPath(config.job, config.grouping)}`
  const headers = {
    ...config.headers,
    'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    'user-agent': 'pharos-beacon',
  }

  const requestOf = (method: 'PUT' | 'POST', families: readonly Family[]): ExportRequest => ({
    method,
    url,
    headers,
    body: encodeUtf8(encodeText(living(families))),
    encoding: 'identity',
    inDoubt: 'resend',
    keys: families.flatMap(({ series }) => series.flatMap(({ keys }) => keys)),
  })

  const familiesOf = (snapshot: Snapshot): Family[] => groupFamilies(snapshot, all.metrics, familyOptions)

  return {
    temporality: 'cumulative',
    protocol: 'Pushgateway, text 0.0.4',
    encode: (snapshot) =>
      snapshot.series.length === 0 ? [] : [{ name: 'values', requests: [requestOf('PUT', familiesOf(snapshot))] }],
    encodeOnly: (snapshot, step, keys) => {
      if (step === 'zeros') return []
      const families = familiesOf(snapshot)
      const put = requestOf('PUT', families)
      if (put.keys.every((key) => keys.has(key))) return put.keys.length === 0 ? [] : [put]
      const wanted = wantedFamilies(families, keys)
      return wanted.length === 0 ? [] : [requestOf('POST', wanted)]
    },
    readAnswer: statusReader(),
  }
}

const living = (families: readonly Family[]): Family[] =>
  families
    .map((family) => ({ ...family, series: family.series.filter(({ phase }) => phase !== 'ending') }))
    .filter(({ series }) => series.length > 0)

/**
 * The families of a part. The first key stands for all families of a name, so that they go with one part only, and together: a POST
 * replaces all series of a name. It cannot remove a name without series.
 */
function wantedFamilies(families: readonly Family[], keys: ReadonlySet<SeriesKey>): Family[] {
  const left = new Set(living(families).map(({ name }) => name))
  const firstKeys = new Map(families.toReversed().map(({ name, series }) => [name, series[0]!.keys[0]!]))
  return families.filter(({ name }) => left.has(name) && keys.has(firstKeys.get(name)!))
}

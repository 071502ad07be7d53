import type { DestinationSettings } from '../../worker/model/destination-settings.ts'
import type { ExportContext } from '../../worker/model/export-context.ts'
import type { Exporter, ExportRequest, ExportStep, Snapshot, SnapshotSeries } from '../../worker/model/types.ts'

export type Create<Config extends DestinationSettings> = (config: Config, context: ExportContext) => Exporter

/** Makes a wrong exporter of a right one. */
export type Mutation = <Config extends DestinationSettings>(create: Create<Config>) => Create<Config>

type ChangeRequest = (request: ExportRequest, settings: DestinationSettings) => ExportRequest

/** Where an exporter makes requests. */
export type Source = 'encode' | 'encodeOnly' | 'probe' | 'fallback'

const EVERYWHERE: readonly Source[] = ['encode', 'encodeOnly', 'probe', 'fallback']

/** Changes the exporter that is made. */
export const changeExporter =
  (change: (exporter: Exporter) => Exporter): Mutation =>
  (create) =>
  (config, context) =>
    change(create(config, context))

/** Changes the settings with which the exporter is made. */
export const changeSettings =
  (change: (settings: DestinationSettings) => Partial<DestinationSettings>): Mutation =>
  (create) =>
  (config, context) =>
    create({ ...config, ...change(config) }, context)

/** Changes every request of these sources. */
export const changeRequests =
  (change: ChangeRequest, sources: readonly Source[] = EVERYWHERE): Mutation =>
  (create) =>
  (config, context) =>
    withRequests(create(config, context), (request) => change(request, config), sources)

function withRequests(
  exporter: Exporter,
  change: (request: ExportRequest) => ExportRequest,
  sources: readonly Source[],
): Exporter {
  const { encode, encodeOnly, probe, fallback } = exporter
  const changed: { [Part in Source]: Pick<Exporter, Part> } = {
    encode: { encode: (flush) => encode(flush).map((step) => ({ ...step, requests: step.requests.map(change) })) },
    encodeOnly: { encodeOnly: (flush, step, keys) => encodeOnly(flush, step, keys).map(change) },
    probe: probe ? { probe: change(probe) } : {},
    fallback: fallback ? { fallback: withRequests(fallback, change, EVERYWHERE) } : {},
  }
  return sources.reduce((all, source) => ({ ...all, ...changed[source] }), exporter)
}

/** Changes every snapshot before it is encoded. */
export const changeSnapshots = (change: (snapshot: Snapshot) => Snapshot): Mutation =>
  changeExporter((exporter) => ({
    ...exporter,
    encode: (snapshot) => exporter.encode(change(snapshot)),
    encodeOnly: (snapshot, step, keys) => exporter.encodeOnly(change(snapshot), step, keys),
  }))

/** Changes every series, or leaves it out, before it is encoded. */
export const changeSeries = (change: (series: SnapshotSeries) => SnapshotSeries | undefined): Mutation =>
  changeSnapshots((snapshot) => ({ ...snapshot, series: snapshot.series.flatMap((one) => change(one) ?? []) }))

/** Changes the steps of a whole flush. */
export const changeSteps = (
  change: (steps: readonly ExportStep[], snapshot: Snapshot, exporter: Exporter) => readonly ExportStep[],
): Mutation =>
  changeExporter((exporter) => ({
    ...exporter,
    encode: (snapshot) => change(exporter.encode(snapshot), snapshot, exporter),
  }))

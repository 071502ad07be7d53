import type { DestinationSettings } from '../../worker/model/destination-settings.ts'
import type { ExportContext } from '../../worker/model/export-context.ts'
import type { Exporter, ExportRequest, Snapshot, SnapshotSeries } from '../../worker/model/types.ts'
import { snapshotOf } from './snapshots.ts'
import type { Decoded, ExporterUnderTest, Receiver } from './subject.ts'

/** An exporter under test without the type of its configuration, as the promises see it. */
export interface Harness extends Pick<
  ExporterUnderTest<DestinationSettings>,
  'destination' | 'decode' | 'counterName' | 'histogramOf' | 'maxBytes'
> {
  readonly exporter: Exporter
  /** The exporter with other settings. */
  readonly create: (changes: Partial<DestinationSettings>, context?: ExportContext) => Exporter
  readonly receiverOf: (request: ExportRequest) => Receiver
  readonly plainBody: (request: ExportRequest) => Uint8Array
  /** A flush with the temporality of the exporter. */
  readonly snapshot: (series: readonly SnapshotSeries[]) => Snapshot
  /** The requests of one flush, of all steps. @param from the exporter of the subject when missing */
  readonly requestsOf: (series: readonly SnapshotSeries[], from?: Exporter) => readonly ExportRequest[]
  readonly read: (series: readonly SnapshotSeries[], from?: Exporter) => readonly Decoded[]
}

const CONTEXT: ExportContext = { metrics: {}, resourceLabels: { service: true, release: true } }

export function createHarness<Config extends DestinationSettings>(subject: ExporterUnderTest<Config>): Harness {
  const { destination, receiver, plainBody = ({ body }) => body } = subject
  const create: Harness['create'] = (changes, context = CONTEXT) =>
    subject.create({ ...destination, ...changes }, context)
  const exporter = create({})
  const decode: Harness['decode'] = (request) => {
    try {
      return subject.decode(request)
    } catch (error) {
      throw new Error(`decode() of "${subject.title}" does not read a request: ${String(error)}`, { cause: error })
    }
  }
  const snapshot: Harness['snapshot'] = (series) => ({ ...snapshotOf(...series), temporality: exporter.temporality })
  const requestsOf: Harness['requestsOf'] = (series, from = exporter) =>
    from.encode(snapshot(series)).flatMap(({ requests }) => requests)
  return {
    destination,
    decode,
    counterName: subject.counterName,
    histogramOf: subject.histogramOf,
    maxBytes: subject.maxBytes,
    exporter,
    create,
    receiverOf: typeof receiver === 'function' ? receiver : () => receiver,
    plainBody,
    snapshot,
    requestsOf,
    read: (series, from) => requestsOf(series, from).flatMap(decode),
  }
}

/** The identity of a value at the backend. */
export const outputSeries = ({ name, labels }: Decoded): string =>
  JSON.stringify([name, ...Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))])

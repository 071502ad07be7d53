import { roundExact } from '../../../src/protocol/exact-sum.ts'
import type { Exporter, ExportRequest, SeriesKey, Snapshot, SnapshotSeries } from '../../../worker/model/types.ts'
import { requestOf, utf8 } from './fake-world.ts'

export interface FakeExporterOptions extends Partial<
  Pick<Exporter, 'temporality' | 'protocol' | 'fallback' | 'probe'>
> {
  /** Series in one request. */
  readonly most?: number
  /** Series that the receiver would count twice. @default none */
  readonly mustNotBeResent?: (name: string) => boolean
}

/** What `createFakeExporter` sends: sums by series key at one time. */
export interface FakeBody {
  readonly protocol: string
  readonly timeMs: number
  readonly rows: readonly (readonly [key: SeriesKey, name: string, value: number])[]
}

export const readFakeBody = (body: Uint8Array): FakeBody => JSON.parse(new TextDecoder().decode(body)) as FakeBody

/** An exporter of sums as JSON, sorted by key; metrics named `nothing` it has no place for. 415 is a version not spoken. */
export function createFakeExporter(options: FakeExporterOptions = {}): Exporter {
  const { temporality = 'delta', protocol = 'fake', most = 2, mustNotBeResent = () => false, ...rest } = options

  const requestFor = (
    snapshot: Snapshot,
    series: readonly SnapshotSeries[],
    inDoubt: 'resend' | 'drop',
  ): ExportRequest => {
    const rows = series.map(({ key, total, series: { name } }) => [key, name, roundExact(total as number[])] as const)
    const body: FakeBody = { protocol, timeMs: snapshot.timeMs, rows }
    return requestOf({
      headers: { 'content-type': 'application/json' },
      body: utf8(JSON.stringify(body)),
      keys: series.map(({ key }) => key),
      inDoubt,
    })
  }

  const encodeAll = (snapshot: Snapshot, isWanted: (key: SeriesKey) => boolean): ExportRequest[] => {
    const wanted = snapshot.series
      .filter(({ key, series }) => isWanted(key) && series.name !== 'nothing')
      .sort((a, b) => (a.key < b.key ? -1 : 1))
    return (['resend', 'drop'] as const).flatMap((inDoubt) => {
      const some = wanted.filter(({ series }) => mustNotBeResent(series.name) === (inDoubt === 'drop'))
      const starts = Array.from({ length: Math.ceil(some.length / most) }, (_, i) => i * most)
      return starts.map((start) => requestFor(snapshot, some.slice(start, start + most), inDoubt))
    })
  }

  return {
    temporality,
    protocol,
    encode: (snapshot) => [{ name: 'values', requests: encodeAll(snapshot, () => true) }],
    encodeOnly: (snapshot, step, keys) => (step === 'values' ? encodeAll(snapshot, (key) => keys.has(key)) : []),
    readAnswer: ({ status }) => {
      if (status < 300) return { type: 'accepted' }
      if (status === 415) return { type: 'unsupported' }
      return { type: status === 429 || status >= 500 ? 'retry' : 'refused' }
    },
    ...rest,
  }
}

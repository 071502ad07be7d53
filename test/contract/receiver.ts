import type { ExportRequest } from '../../worker/model/types.ts'
import { type Harness, outputSeries } from './harness.ts'
import type { Decoded, Receiver } from './subject.ts'

/** What a backend shows for one series: a number, or the count and the sum of a histogram. */
export interface Shown {
  readonly value: number
  readonly sum: number
}

/** A model of a backend. */
export interface ReceiverModel {
  /** @param nowMs the time of a value that comes without one */
  readonly store: (request: ExportRequest, nowMs: number) => void
  /** What it shows now for every series it has seen. */
  readonly shown: () => ReadonlyMap<string, Shown>
}

interface Sample extends Shown, Pick<Decoded, 'startMs' | 'ended'> {
  readonly timeMs: number
}

const NOTHING: Shown = { value: 0, sum: 0 }
const plus = (a: Shown, b: Shown): Shown => ({ value: a.value + b.value, sum: a.sum + b.sum })
const minus = (a: Shown, b: Shown): Shown => ({ value: a.value - b.value, sum: a.sum - b.sum })

/** The stored samples of one series, in the order in which they came. */
interface Stored {
  readonly receiver: Receiver
  readonly samples: readonly Sample[]
}

export function createReceiver({ decode, receiverOf }: Pick<Harness, 'decode' | 'receiverOf'>): ReceiverModel {
  const stored = new Map<string, Stored>()
  return {
    store: (request, nowMs) => {
      const receiver = receiverOf(request)
      for (const decoded of decode(request)) {
        const { value, sum = 0, timeMs = nowMs } = decoded
        const id = outputSeries(decoded)
        const samples = stored.get(id)?.samples ?? []
        if (value !== 'stale')
          stored.set(id, { receiver, samples: keep({ receiver, samples }, { ...decoded, value, sum, timeMs }) })
      }
    },
    shown: () => new Map(Array.from(stored, ([id, series]) => [id, show(series)])),
  }
}

/** The samples with one more, where the backend takes it. */
function keep({ receiver, samples }: Stored, sample: Sample): readonly Sample[] {
  if (receiver === 'adds') return [...samples, sample]
  if (receiver === 'adds-once') return [...samples.filter(({ timeMs }) => timeMs !== sample.timeMs), sample]
  return samples.every(({ timeMs }) => timeMs < sample.timeMs) ? [...samples, sample] : samples
}

function show({ receiver, samples }: Stored): Shown {
  if (receiver === 'adds' || receiver === 'adds-once') return samples.reduce<Shown>(plus, NOTHING)
  const first = receiver === 'shows' ? (samples[0] ?? NOTHING) : NOTHING
  return samples.slice(1).reduce((total, sample, i) => plus(total, increase(samples[i]!, sample)), first)
}

const increase = (before: Sample, now: Sample): Shown => (hasRestarted(before, now) ? now : minus(now, before))

const hasRestarted = (before: Sample, now: Sample): boolean =>
  before.ended === true ||
  now.value < before.value ||
  Boolean(before.startMs && now.startMs && before.startMs !== now.startMs)

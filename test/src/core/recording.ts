import { expect, vi } from 'vitest'
import { createInstruments, createRecorder } from '../../../src/core/record.ts'
import { sealWindow } from '../../../src/core/seal.ts'
import type { Entry, Recorder } from '../../../src/core/types.ts'
import { decodeEnvelope } from '../../../src/protocol/decode.ts'
import type { DecodedPoint } from '../../../src/protocol/decode-points.ts'
import { encodeEnvelope } from '../../../src/protocol/envelope.ts'
import { mergeHistogram } from '../../../src/protocol/histogram.ts'
import type { ExactSum, Histogram, WireBatch } from '../../../src/protocol/types.ts'

/** A recorder, its verbs and its hooks. */
export function startRecorder() {
  const onOpen = vi.fn<() => void>()
  const onCrowded = vi.fn<() => void>()
  const recorder = createRecorder(onOpen, onCrowded)
  return { recorder, onOpen, onCrowded, verbs: createInstruments(recorder) }
}

export const HEAD = { session: 'abcdefghijklmnop', resource: {}, sequence: 1, sealedMs: 0 }

let sequence = 1

/** Takes what is sealed, as a page does. */
const takeSealed = (recorder: Recorder): readonly Entry[] => {
  const { sealed } = recorder.current
  recorder.current.sealed = []
  return sealed
}

/** Ends the window; returns its batches, and those of an earlier seal that did not come so far. */
export function seal(recorder: Recorder): Entry[] {
  const before = takeSealed(recorder)
  sealWindow(recorder, { ...HEAD, sequence: sequence++ * 1_000 })
  return [...before, ...takeSealed(recorder)]
}

/** Seals in a Firefox that ends the script at the `nth` text it encodes, or when all is encoded and nothing taken. */
export function sealInPart(recorder: Recorder, nth: number): void {
  const encoder = new TextEncoder()
  const encode = encoder.encode.bind(encoder)
  let left = nth
  const encoding = vi.spyOn(TextEncoder.prototype, 'encode')
  encoding.mockImplementation((text) => {
    if (left-- > 0) return encode(text)
    throw new Error('the script ends')
  })
  try {
    sealWindow(recorder, { ...HEAD, sequence: sequence++ * 1_000 })
  } catch {
    // The next event goes on.
  } finally {
    encoding.mockRestore()
  }
}

/** `[counters, histograms]` of batches, as they are written. */
export const pointsOf = (batches: readonly Entry[]): [unknown[], unknown[]] => {
  const wire = batches.map(({ text }) => JSON.parse(text) as WireBatch)
  return [wire.flatMap(([, , counters]) => counters), wire.flatMap(([, , , histograms]) => histograms)]
}

const keyOf = ({ name, attributes }: DecodedPoint<unknown>): string => JSON.stringify([name, attributes])

/** What the edge reads. */
export function readByEdge(batches: readonly Entry[]) {
  const counters = new Map<string, ExactSum>()
  const histograms = new Map<string, Histogram>()
  for (const batch of batches) {
    const decoded = decodeEnvelope(JSON.parse(encodeEnvelope([batch], 0)))
    if (!decoded.ok) throw new Error(decoded.error)
    for (const { dropped, counters: sums, histograms: shapes } of decoded.value) {
      expect(dropped).toEqual([])
      for (const point of sums) counters.set(keyOf(point), [...(counters.get(keyOf(point)) ?? []), ...point.value])
      for (const point of shapes) {
        const total = histograms.get(keyOf(point))
        if (total) mergeHistogram(total, point.value)
        else histograms.set(keyOf(point), point.value)
      }
    }
  }
  return { counters, histograms }
}

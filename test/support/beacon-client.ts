import { randomBytes } from 'node:crypto'
import type { CounterPoint, HistogramPoint, Resource } from '../../src/protocol/types.ts'
import { encodeEnvelope } from '../../src/protocol/wire.ts'
import type { SealedBatch } from '../../src/protocol/wire.ts'

export interface BatchContent {
  readonly counters?: readonly CounterPoint[]
  readonly histograms?: readonly HistogramPoint[]
}

/** What a page would be: batches under one session, in sequence. */
export interface BeaconSession {
  readonly session: string
  readonly seal: (content: BatchContent) => SealedBatch
}

/** A session without a browser, for load and faults. */
export function createSession(resource: Resource = {}): BeaconSession {
  const session = randomBytes(12).toString('base64url')
  let next = 0
  return {
    session,
    seal: ({ counters = [], histograms = [] }) => {
      const sequence = next++
      const sealedMs = Date.now()
      const text = JSON.stringify([sequence, sealedMs, counters, histograms])
      return { session, resource, sequence, sealedMs, records: counters.length + histograms.length, text }
    },
  }
}

/** One POST of the batches. @returns the status; 0 where no answer came */
export async function postBatches(beaconUrl: string, batches: readonly SealedBatch[]): Promise<number> {
  try {
    const response = await fetch(beaconUrl, {
      method: 'POST',
      headers: { 'content-type': 'text/plain;charset=UTF-8' },
      body: encodeEnvelope(batches, Date.now()),
      signal: AbortSignal.timeout(10_000),
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    return 0
  }
}

/** Posts until the batches are acknowledged, as a page does: the same bytes under the same identity. */
export async function postUntilAcknowledged(
  beaconUrl: () => string,
  batches: readonly SealedBatch[],
): Promise<{ readonly attempts: number }> {
  for (let attempts = 1; ; attempts++) {
    const status = await postBatches(beaconUrl(), batches)
    if (status >= 200 && status < 300) return { attempts }
    if (status !== 0 && status !== 429 && status < 500) throw new Error(`Refused: ${status}`)
    if (attempts >= 400) throw new Error(`No acknowledgement after ${attempts} tries`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

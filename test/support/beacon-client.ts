import { randomBytes } from 'node:crypto'
import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { encodeEnvelope, type EncodedBatch } from '../../src/protocol/envelope.ts'
import type { CounterPoint, HistogramPoint, Resource } from '../../src/protocol/types.ts'

export interface BatchContent {
  readonly counters?: readonly CounterPoint[]
  readonly histograms?: readonly HistogramPoint[]
}

/** What a page would be: batches under one session, in sequence. */
export interface BeaconSession {
  readonly session: string
  readonly seal: (content: BatchContent) => EncodedBatch
}

/** A session without a browser, for load and faults. */
export function createSession(resource: Resource = {}): BeaconSession {
  const session = randomBytes(12).toString('base64url')
  let next = 1
  return {
    session,
    seal: ({ counters = [], histograms = [] }) => {
      const sequence = next++
      const sealedMs = Date.now()
      const text = JSON.stringify([sequence, sealedMs, counters, histograms])
      return { session, resource, text }
    },
  }
}

/** One connection to the worker, kept open; requests on it follow each other. */
export interface BeaconConnection {
  /** One POST of the batches. @returns the status; 0 where no answer came */
  readonly post: (beaconUrl: string, batches: readonly EncodedBatch[]) => Promise<number>
  /** Posts the same batches until they are acknowledged, as a page does. @returns the statuses, in order */
  readonly postUntilAcknowledged: (beaconUrl: string, batches: readonly EncodedBatch[]) => Promise<readonly number[]>
  readonly close: () => void
}

export function openConnection(): BeaconConnection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const post: BeaconConnection['post'] = (beaconUrl, batches) =>
    new Promise((resolve) => {
      const settings = {
        agent,
        method: 'POST',
        timeout: 10_000,
        headers: { 'content-type': 'text/plain;charset=UTF-8' },
      }
      const onward = request(beaconUrl, settings, (response) => {
        response.resume().on('end', () => resolve(response.statusCode!))
        response.on('error', () => resolve(0))
      })
      onward.on('timeout', () => onward.destroy()).on('error', () => resolve(0))
      onward.end(encodeEnvelope(batches, Date.now()))
    })
  return {
    post,
    postUntilAcknowledged: async (beaconUrl, batches) => {
      const statuses: number[] = []
      const deadlineMs = Date.now() + 30_000
      for (;;) {
        const status = await post(beaconUrl, batches)
        statuses.push(status)
        if (status >= 200 && status < 300) return statuses
        const mayRetry = status === 0 || status === 429 || status >= 500
        if (!mayRetry || Date.now() > deadlineMs) throw new Error(`Not acknowledged: ${statuses.slice(-20).join()}`)
        await delay(20)
      }
    },
    close: () => agent.destroy(),
  }
}

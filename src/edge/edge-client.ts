import { createSession } from '../browser/session.ts'
import { warn } from '../browser/warn.ts'
import { AT_REST, isOrdered, isPaused, paceAfter } from '../delivery/flush-policy.ts'
import { ANSWER_TIMEOUT_MS } from '../delivery/transport.ts'
import type { FlushResult } from '../delivery/types.ts'
import type { Instruments } from '../metrics/instruments.ts'
import { createRecorder } from '../metrics/recorder.ts'
import { sealBatches } from '../metrics/seal.ts'
import type { DropReason } from '../protocol/types.ts'
import { encodeEnvelope } from '../protocol/wire.ts'
import { type EdgeOptions, resolveEdgeOptions } from './options.ts'
import { post } from './post.ts'
import { createSendQueue } from './send-queue.ts'

/** All numbers are calls of `increment` and `observe`. */
export interface EdgeClientStats {
  readonly recorded: number
  /** Recorded, and not yet acknowledged by the worker. */
  readonly pending: number
  readonly acknowledged: number
  readonly dropped: Partial<Record<DropReason, number>>
}

export interface EdgeClient extends Instruments {
  /**
   * Sends what was recorded so far, trying again until the option `flushTimeoutMs` is over; resolves when the worker has it on durable
   * storage, or says why not: what is not acknowledged is kept for the next call. Never rejects. One call at a time sends; one that
   * comes meanwhile waits for it, but not while it waits for a worker that is away (the reason is then `paused`).
   * In a Worker: `ctx.waitUntil(client.flush())`.
   */
  readonly flush: () => Promise<FlushResult>
  /** What a user debugs with. */
  readonly stats: () => EdgeClientStats
  /** Records no more, and sends what was recorded, at least once even in back-off; what is left can still be flushed. */
  readonly shutdown: () => Promise<FlushResult>
}

/** How often a call looks whether the one before it is done, ms. */
const LOOK_MS = 20

/** How much longer than planned a call may take before it counts as dead, ms. */
const GRACE_MS = 1_000

const DELIVERED = { acknowledged: true } as const
const failed = (reason: string): FlushResult => ({ acknowledged: false, reason })
const sleep = (waitMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, waitMs))

/**
 * The verbs of a beacon for a Worker, a service worker or a server. Never throws, and does nothing but keep its options until something
 * is recorded or flushed: it may be made at the top of a module.
 *
 * While the worker is away, totals are kept and not a queue: what is recorded stays in the recorder, one number a series, until the
 * batches that are in doubt are acknowledged.
 * @example
 * const pharos = createEdgeClient({ url: 'https://beacon.example.com/v1/beacon', service: 'checkout' })
 * pharos.increment('orders.placed', 1, { country })
 * ctx.waitUntil(pharos.flush())
 */
export function createEdgeClient(options: EdgeOptions): EdgeClient {
  const settings = resolveEdgeOptions(options)
  const { resource, flushIntervalMs, flushTimeoutMs, debug } = settings
  /** Made with the first batch: the top of a Worker's module has no randomness. */
  let session: string | undefined
  let sequence = 1
  let acknowledged = 0
  let pace = AT_REST
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Until when the call that sends is alive for certain. A Worker may end a request, and its promises never settle. */
  let busyUntilMs = 0
  /** The call that sends. */
  let turn = 0
  /** How often the recorder was emptied, and the last of these of which all is acknowledged. */
  let seals = 0
  let delivered = 0

  const arm = (): void => {
    if (!flushIntervalMs || timer !== undefined) return
    try {
      timer = setTimeout(() => {
        timer = undefined
        void flush(false).then(() => pending() && arm())
      }, flushIntervalMs)
      // Node: a process that has nothing else to do may end.
      ;(timer as { unref?: () => void }).unref?.()
    } catch {
      // The top of a Worker's module: `flush` will come.
    }
  }

  const recorder = createRecorder({
    onFirstRecord: arm,
    onFirstDrop: (reason, name) => debug && warn(`dropped (${reason}):`, name),
    // There is no filter: a server decides by itself what it records.
    onFilterError: () => {},
    now: () => performance.now(),
  })

  const queue = createSendQueue({
    onAcknowledged: (records) => {
      acknowledged += records
    },
    onDropped: recorder.drop,
  })

  const pending = (): number => recorder.pending() + queue.pendingRecords()

  const seal = (): number => {
    const head = { session: (session ??= createSession()), resource, sequence, sealedMs: Date.now() }
    const batches = recorder.drain((points) => sealBatches(points, head))
    sequence += batches.length
    queue.add(batches)
    return ++seals
  }

  const isBusy = (): boolean => performance.now() < busyUntilMs

  const stayBusy = (workMs: number): void => {
    busyUntilMs = performance.now() + workMs + GRACE_MS
  }

  /** Sends what waits, then what was recorded meanwhile, once. */
  const send = async (deadlineMs: number): Promise<FlushResult> => {
    const mine = ++turn
    let sealed = 0
    let failure: FlushResult | undefined
    let refusal: FlushResult | undefined
    for (;;) {
      let batches = queue.next(Date.now())
      if (!batches.length && !sealed) {
        sealed = seal()
        batches = queue.next(Date.now())
      }
      if (!batches.length) {
        delivered = sealed
        return refusal ?? DELIVERED
      }
      if (isPaused(pace, performance.now())) {
        const untilMs = pace.failedMs + pace.waitMs
        if (untilMs > deadlineMs) return failure ?? failed('paused')
        const waitMs = untilMs - performance.now()
        stayBusy(waitMs)
        await sleep(waitMs)
        if (turn !== mine) return failed('busy')
      }
      stayBusy(ANSWER_TIMEOUT_MS)
      const { status, waitMs } = await post(encodeEnvelope(batches, Date.now()), settings)
      const verdict = queue.settle(batches, status)
      if (verdict === 'retry') {
        failure = failed(status ? `http_${status}` : 'network')
        pace = paceAfter(pace, { failedMs: performance.now(), waitMs, random: Math.random() })
      } else pace = AT_REST
      if (verdict === 'rejected') refusal = failed(`http_${status}`)
      if (turn !== mine) return failed('busy')
    }
  }

  const flush = async (isLast: boolean): Promise<FlushResult> => {
    const wanted = seals + 1
    const deadlineMs = performance.now() + flushTimeoutMs
    // Looked at, not awaited: in a Worker the promise of another request may never settle.
    while (isBusy()) {
      if (!isLast && isPaused(pace, performance.now())) return failed('paused')
      if (performance.now() >= deadlineMs) return failed('busy')
      await sleep(LOOK_MS)
      if (delivered >= wanted) return DELIVERED
    }
    // There may be no later: back-off, which nobody asked for, does not hold the last try.
    if (isLast && !isOrdered(pace, performance.now())) pace = { ...pace, waitMs: 0 }
    const sending = send(deadlineMs)
    const mine = turn
    try {
      return await sending
    } catch {
      return failed('error')
    } finally {
      if (turn === mine) busyUntilMs = 0
    }
  }

  return {
    ...recorder.instruments,
    flush: () => flush(false),
    stats: () => ({ recorded: recorder.recorded(), pending: pending(), acknowledged, dropped: recorder.dropped() }),
    shutdown: () => {
      recorder.setEnabled(false)
      clearTimeout(timer)
      return flush(true)
    },
  }
}

import { createSession } from '../browser/session.ts'
import { warn } from '../browser/warn.ts'
import { AT_REST, isOrdered, isPaused, paceAfter, settingsIn } from '../delivery/flush-policy.ts'
import { ANSWER_TIMEOUT_MS } from '../delivery/transport.ts'
import type { FlushResult } from '../delivery/types.ts'
import { createRecorder } from '../metrics/recorder.ts'
import { sealBatches } from '../metrics/seal.ts'
import { encodeEnvelope } from '../protocol/wire.ts'
import { type EdgeOptions, resolveEdgeOptions } from './options.ts'
import { post } from './post.ts'
import { parseSettings, type RemoteSettings } from './remote-settings.ts'
import { createSendQueue } from './send-queue.ts'
import type { EdgeClient } from './types.ts'

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
  let isShut = false

  const asked = (): RemoteSettings => parseSettings(settingsIn(pace, performance.now()))

  /** Whether the worker wants nothing. Whoever asks switches the recorder, on again too. */
  const isOff = (): boolean => {
    const { enabled } = asked()
    recorder.setEnabled(enabled && !isShut)
    return !enabled
  }

  const arm = (): void => {
    if (!flushIntervalMs || timer !== undefined || isShut) return
    const work = (): void => {
      timer = undefined
      // Off, nothing is recorded that would start it: it goes on, to see when that is over.
      void flush(false).then(() => (isOff() || pending()) && arm())
    }
    try {
      timer = setTimeout(work, asked().flushIntervalMs ?? flushIntervalMs)
      // Node: a process that has nothing else to do may end.
      ;(timer as { unref?: () => void }).unref?.()
    } catch {
      // The top of a Worker's module: `flush` will come.
    }
  }

  const recorder = createRecorder({
    onFirstRecord: arm,
    onFirstDrop: (reason, name) => debug && warn(`dropped (${reason}):`, name),
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

  /** Sends the waiting batches, then once more what was recorded meanwhile. */
  const send = async (deadlineMs: number): Promise<FlushResult> => {
    const mine = ++turn
    let sealed = 0
    let failure: FlushResult | undefined
    let refusal: FlushResult | undefined
    for (;;) {
      if (isOff()) return pending() ? failed('inactive') : (refusal ?? DELIVERED)
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
      const { status, waitMs, settings: said = null } = await post(encodeEnvelope(batches, Date.now()), settings)
      const verdict = queue.settle(batches, status)
      if (verdict === 'retry') {
        failure = failed(status ? `http_${status}` : 'network')
        pace = paceAfter(pace, { failedMs: performance.now(), waitMs, random: Math.random() })
      } else
        pace = {
          ...pace,
          ...AT_REST,
          ...(verdict === 'acknowledged' && { settings: said, heardMs: performance.now() }),
        }
      if (verdict === 'rejected') refusal = failed(`http_${status}`)
      if (turn !== mine) return failed('busy')
    }
  }

  const flush = async (isLast: boolean): Promise<FlushResult> => {
    if (isOff()) return failed('inactive')
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
    stats: () => ({
      enabled: !isOff(),
      recorded: recorder.recorded(),
      pending: pending(),
      acknowledged,
      dropped: recorder.dropped(),
    }),
    shutdown: () => {
      isShut = true
      clearTimeout(timer)
      return flush(true)
    },
  }
}

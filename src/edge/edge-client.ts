import { compactor } from '../compact/compactor.ts'
import { totalOf } from '../core/entry.ts'
import { createInstruments, createRecorder, dropBatches, withStopwatch } from '../core/record.ts'
import { sealWindow } from '../core/seal.ts'
import { say } from '../core/say.ts'
import { outside } from '../core/outside.ts'
import { createSession } from '../core/session.ts'
import type { FlushResult } from '../core/types.ts'
import { REQUEST_TIMEOUT_MS } from '../core/send.ts'
import { IDLE, isHeldByServer, isPaused, afterFailure, settingsIn } from '../protocol/send-state.ts'
import { encodeEnvelope } from '../protocol/envelope.ts'
import { type EdgeOptions, resolveEdgeOptions } from './options.ts'
import { createFlushTimer } from './flush-timer.ts'
import { post } from './post.ts'
import { parseSettings, type RemoteSettings } from './remote-settings.ts'
import { createSendQueue } from './send-queue.ts'
import type { EdgeClient } from './types.ts'

/** How often a call checks whether the call before it has ended, ms. */
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
 * While the worker does not answer, no queue grows: records stay in the recorder, one number a series, until the
 * batches that are in doubt are acknowledged.
 * @example
 * const pharos = createEdgeClient({ url: 'https://beacon.example.com/v1/beacon', service: 'checkout' })
 * pharos.increment('orders.placed', 1, { country })
 * ctx.waitUntil(pharos.flush())
 */
export function createEdgeClient(options: EdgeOptions): EdgeClient {
  const settings = resolveEdgeOptions(options)
  const { resource, flushIntervalMs, flushTimeoutMs } = settings
  /** Made with the first batch: the top of a Worker's module has no randomness. */
  let session: string | undefined
  let sequence = 1
  let acknowledged = 0
  let state = IDLE
  /** Until when the call that sends is certainly alive. A Worker may end a request, and then its promises never settle. */
  let busyUntilMs = 0
  /** The call that sends. */
  let turn = 0
  /** How often the recorder was emptied, and the last of these of which all is acknowledged. */
  let seals = 0
  let delivered = 0
  let isShut = false
  let hasWarned = false

  const asked = (): RemoteSettings => parseSettings(settingsIn(state, performance.now()))

  /** Whether the worker has switched its clients off. Each call also switches the recorder, off or on. */
  const isOff = (): boolean => {
    const { enabled } = asked()
    recorder.isOn = enabled && !isShut
    return !enabled
  }

  // While the client is off, no record starts the timer. It goes on, to see when that is over.
  const timer = createFlushTimer(() => void flush(false).then(() => (isOff() || pending()) && arm()))

  const arm = (): void => {
    if (flushIntervalMs && !isShut) timer.arm(asked().flushIntervalMs ?? flushIntervalMs)
  }

  const recorder = createRecorder(arm, () => {})
  recorder.compactor = compactor

  const queue = createSendQueue({
    onAcknowledged: (records) => {
      acknowledged += records
      recorder.settled += records
    },
    onDropped: (reason, entries) => {
      dropBatches(recorder, reason, entries)
      recorder.settled += totalOf('records', entries)
    },
  })

  const warnOfStranger = (status: number): void => {
    if (!hasWarned) say(`answered by something that is not Pharos: ${settings.url} ${status}`)
    hasWarned = true
  }

  const pending = (): number => recorder.recorded - recorder.settled

  const seal = (): number => {
    // A refused batch hands its drops back. A batch of drops alone would be refused again, and so on for ever.
    if (!queue.takesDrops() && !recorder.current.dirty.length) {
      recorder.current.isOpen = false
      return ++seals
    }
    const head = { session: (session ??= createSession()), resource, sequence, sealedMs: Date.now() }
    sealWindow(recorder, head)
    const { current } = recorder
    sequence += current.sealed.length
    queue.add(current.sealed)
    current.sealed = []
    return ++seals
  }

  const stayBusy = (workMs: number): void => {
    busyUntilMs = performance.now() + workMs + GRACE_MS
  }

  /** Sends the batches in the queue, then the records of the meantime, once. */
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
      if (isPaused(state, performance.now())) {
        const untilMs = state.failedMs + state.waitMs
        if (untilMs > deadlineMs) return failure ?? failed('paused')
        const waitMs = untilMs - performance.now()
        stayBusy(waitMs)
        await sleep(waitMs)
        if (turn !== mine) return failed('busy')
      }
      stayBusy(REQUEST_TIMEOUT_MS)
      const answer = await post(encodeEnvelope(batches, Date.now()), settings)
      const { status, waitMs, settings: said = null } = answer
      const verdict = queue.settle(batches, answer)
      if (verdict === 'retry') {
        if (status && !answer.isMarked) warnOfStranger(status)
        failure = failed(status ? `http_${status}` : 'network')
        state = afterFailure(state, { failedMs: performance.now(), waitMs, random: Math.random() })
      } else state = { ...state, ...IDLE }
      if (verdict === 'acknowledged') state = { ...state, settings: said, heardMs: performance.now() }
      if (verdict === 'rejected') refusal = failed(`http_${status}`)
      if (turn !== mine) return failed('busy')
    }
  }

  const flush = async (isLast: boolean): Promise<FlushResult> => {
    if (isOff()) return failed('inactive')
    const wanted = seals + 1
    const deadlineMs = performance.now() + flushTimeoutMs
    // Polled and not awaited: in a Worker the promise of another request may never settle
    // (https://developers.cloudflare.com/workers/observability/errors/, "Cannot perform I/O on behalf of a different request").
    while (performance.now() < busyUntilMs) {
      if (!isLast && isPaused(state, performance.now())) return failed('paused')
      if (performance.now() >= deadlineMs) return failed('busy')
      await sleep(LOOK_MS)
      if (delivered >= wanted) return DELIVERED
    }
    // There may be no later try, so the client's own back-off does not stop the last one.
    if (isLast && !isHeldByServer(state, performance.now())) state = { ...state, waitMs: 0 }
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
    ...withStopwatch(createInstruments(recorder)),
    flush: () => outside(() => flush(false)),
    stats: () => ({
      enabled: !isOff(),
      recorded: recorder.recorded,
      pending: pending(),
      acknowledged,
      dropped: { ...recorder.dropped },
    }),
    shutdown: () => {
      isShut = true
      timer.stop()
      return outside(() => flush(true))
    },
  }
}

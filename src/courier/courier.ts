// The work of a page that needs answers: flushes, other pages' leftovers, back-off, the bounds of the outbox, settings.
import { now } from '../core/clock.ts'
import { totalOf } from '../core/entry.ts'
import { guard } from '../core/guard.ts'
import { forget, lose, save } from '../core/hold.ts'
import { BODY_BYTES, takeBatches } from '../core/keepalive-budget.ts'
import { send } from '../core/send.ts'
import { transact } from '../core/storage.ts'
import type { Courier, Entry, FlushResult, Page } from '../core/types.ts'
import { canDeliver, seal } from '../core/window.ts'
import { IDLE, isHeldByServer, isPaused, afterFailure, settingsIn, type SendState } from '../protocol/send-state.ts'
import { adopt } from './adopt.ts'
import { isTimerDue, hasLeftovers, isExplicitFlush, YOUNG_MS, type Trigger } from './due.ts'
import { planFlush, type FlushPlan } from './flush-plan.ts'
import { isExpired } from './outbox-bounds.ts'
import { createReader, type Answer } from './answer.ts'
import { createReviewer } from './review.ts'
import { applySettings } from './settings.ts'

/** Longest wait after the network or the user is back, ms, so that pages do not all send in the same moment. */
const WAKE_JITTER_MS = 1_000

/** Records after which a page is busy enough to need the compactor in an outage of hours, when it can no longer be loaded. */
const BUSY_RECORDS = 500

const DELIVERED: FlushResult = { acknowledged: true }
const failed = (reason: string): FlushResult => ({ acknowledged: false, reason })

export const createCourier = (page: Page): Courier => {
  const { review, leave } = createReviewer(page)
  const read = createReader(page.url)
  let state = IDLE
  /** That of the option, unless the edge says otherwise. */
  const usualIntervalMs = page.intervalMs
  let inFlightBytes = 0
  /** The settings that were applied last. */
  let applied: string | null = null
  let last: Promise<FlushResult> = Promise.resolve(DELIVERED)
  let queued: Promise<FlushResult> | undefined

  const isMine = (entry: Entry): boolean => page.own.has(entry)

  /** Takes a state over, and applies its settings where they are new. */
  const setState = (next: SendState): void => {
    state = next
    const text = settingsIn(state, now())
    if (text !== applied && canDeliver(page)) applySettings(page, { text: (applied = text), usualIntervalMs })
  }

  const acknowledge = (entries: readonly Entry[], settings: Answer['settings']): void => {
    page.acknowledged += totalOf('records', entries.filter(isMine))
    forget(page, entries)
    // The end of an outage: the window may have lasted minutes or hours.
    if (!page.own.size && page.current.dirty.length) seal(page)
    setState({ ...IDLE, settings: settings ?? null, heardMs: now() })
    if (!page.compactor && page.recorded > BUSY_RECORDS) page.onCrowded()
  }

  /** A batch that has left has most likely arrived, and its report of drops with it. */
  const evict = (entries: readonly Entry[]): void => {
    for (const entry of entries)
      if (entry.leftMs) lose(page, 'in_doubt', [Object.assign(entry, { drops: {} })])
      else lose(page, isExpired(entry, now()) ? 'expired' : 'outbox_full', [entry])
  }

  /** Looks through the outbox, and in the same transaction keeps it in bounds and takes the lease. */
  const plan = async (isDue: Trigger, room: number): Promise<FlushPlan> => {
    const youngMs = Math.max(2 * page.intervalMs, YOUNG_MS)
    const planWith = (stored: readonly Entry[]) =>
      planFlush(stored, page.own, { isDue, state, startedMs: page.startedMs!, nowMs: now(), youngMs, room })
    let planned: FlushPlan | undefined
    const result = await review((stored, shared) => {
      // Answers to batches that left are not stored yet.
      const { settings, heardMs = 0 } = state
      setState(heardMs > (shared.heardMs ?? 0) ? { ...shared, settings: settings ?? null, heardMs } : shared)
      planned = planWith(stored)
      return { remove: planned.excess, state: planned.state }
    })
    if (planned && result === 'done') return planned
    // Nothing was deleted here; the page that deletes it counts it.
    return planWith([])
  }

  const run = async (isDue: Trigger): Promise<FlushResult> => {
    // Calls of `flush` from now on may have recorded something that this run does not see.
    queued = undefined
    for (const [entries, answer] of page.answers.splice(0)) void readAnswer(entries, answer)
    // An erasure replaces the set.
    const { own } = page
    void save(page)
    const planned = await plan(isDue, 0)
    if (own !== page.own) return failed('cleared')
    evict(planned.excess)
    let { queue } = planned
    let result = queue.length || !own.size ? DELIVERED : failed('paused')
    let maxBatches = Infinity
    while (queue.length) {
      if (!canDeliver(page)) {
        result = failed('stopped')
        break
      }
      // At least one: a batch cannot be cut.
      const batches = queue.slice(0, Math.min(takeBatches(queue, BODY_BYTES).length || 1, maxBatches))
      inFlightBytes = totalOf('bytes', batches)
      const answer = await read(() => send(page.url, batches))
      inFlightBytes = 0
      if (own !== page.own) return failed('cleared')
      const { verdict, reason, waitMs } = answer
      if (verdict === 'retry') {
        setState(afterFailure(state, { failedMs: now(), waitMs, random: Math.random() }))
        result = failed(reason)
        break
      }
      if (verdict === 'split' && batches.length > 1) {
        maxBatches = batches.length >> 1
        continue
      }
      maxBatches *= 2
      queue = queue.slice(batches.length)
      if (verdict === 'acknowledged') acknowledge(batches, answer.settings)
      else {
        const { lost } = page
        lose(page, reason === 'http_413' ? 'too_large' : 'rejected', batches)
        if (page.lost > lost) result = failed(reason)
        setState({ ...state, ...IDLE })
      }
    }
    void save(page)
    // Gives the lease back, and possibly that of another tab: at worst a batch travels twice. Not awaited: the storage may never answer.
    // A page that sent nothing has no news: it would overwrite the state that another page has written since.
    if (planned.queue.length) void transact(page, (objects) => void objects.put({ ...state, leasedMs: 0 }, 'pace'))
    return result
  }

  /** Drops the oldest batches that other pages left, one for each batch that could not be written, and writes again. */
  const makeRoom = async (): Promise<void> => {
    const { excess } = await plan(() => false, page.unsaved.size)
    evict(excess)
    if (excess.length) await save(page)
  }

  /** One flush at a time. */
  const runNext = (isDue: Trigger): Promise<FlushResult> =>
    (last = last.then(() => run(isDue)).catch(() => failed('error')))

  /** Reads the answer to batches that left, in a page that is still there. */
  const readAnswer = async (entries: readonly Entry[], promise: Promise<Response | undefined>): Promise<void> => {
    const before = page.own
    const { verdict, settings } = await read(() => promise)
    if (before !== page.own) return
    if (verdict === 'acknowledged') acknowledge(entries, settings)
    else
      for (const entry of entries.filter(isMine)) {
        // The next request sends it again, and its answer decides.
        entry.leftMs = undefined
        page.unsaved.add(entry)
      }
    await save(page)
  }
  adopt(page, now()).catch(() => {})

  return {
    flush: () => (queued ??= runNext(isExplicitFlush)),
    tick: () => {
      if (!isPaused(state, now())) void runNext(isTimerDue)
    },
    collect: () => void runNext(hasLeftovers),
    wake: () =>
      void setTimeout(
        guard(() => runNext(isExplicitFlush)),
        Math.random() * WAKE_JITTER_MS,
      ),
    leave: () => {
      leave()
      return {
        inFlightBytes,
        isQuiet: isHeldByServer(state, now()),
        isFailing: state.failures > 0,
      }
    },
    makeRoom: () => void makeRoom().catch(() => {}),
  }
}

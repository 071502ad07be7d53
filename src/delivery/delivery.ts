import type { DropReason } from '../protocol/types.ts'
import { encodeEnvelope } from '../protocol/wire.ts'
import { createEntry, idOf, totalOf, type Entry } from './entry.ts'
import { planFlush, type FlushPlan } from './flush-plan.ts'
import { AT_REST, FIRST_FLUSH_MS, isDue, isDueWithout, isOrdered, isPaused, isWanted } from './flush-policy.ts'
import { paceAfter, settingsIn, YOUNG_MS, type IsTime } from './flush-policy.ts'
import { BODY_BYTES, bodiesWithin, KEEPALIVE_BYTES, takeBatches } from './keepalive-budget.ts'
import { boundEntries, type Bounded } from './outbox-bounds.ts'
import { createBrowserPlatform, type DeliveryPlatform } from './platform.ts'
import { post, verdictOn } from './transport.ts'
import type { Delivery, DeliveryOptions, FlushResult } from './types.ts'

export type { Delivery, DeliveryOptions, FlushResult }

const DELIVERED = { acknowledged: true } as const
const failed = (reason: string): FlushResult => ({ acknowledged: false, reason })

export const createDelivery = (
  { url, flushIntervalMs, onAcknowledged, onSettings, onDropped }: DeliveryOptions,
  platform: DeliveryPlatform = createBrowserPlatform(),
): Delivery => {
  const { now, outbox } = platform
  /** Batches of this page, oldest first. */
  const own = new Map<string, Entry>()
  /** Those whose present state has yet to be written to the outbox. */
  const unsaved = new Set<Entry>()
  /** What the flush in progress has yet to send, batches of other pages included. */
  let queue: readonly Entry[] = []
  let pace = AT_REST
  let inFlightBytes = 0
  let startedMs = 0
  let clearings = 0
  /** What was obeyed last. */
  let settings: string | null = null
  let isStopped = false
  let intervalMs = flushIntervalMs
  let timer: unknown
  let last: Promise<FlushResult> = Promise.resolve(DELIVERED)
  let queued: Promise<FlushResult> | undefined

  /** Forgets entries that are settled; returns how many calls of this page they hold. */
  const settle = (entries: readonly Entry[]): number => {
    queue = queue.filter((entry) => !entries.includes(entry))
    for (const entry of entries) unsaved.delete(entry)
    return totalOf(
      'records',
      entries.filter((entry) => own.delete(idOf(entry))),
    )
  }

  /** Returns how many calls of this page it costs. */
  const drop = (reason: DropReason, entries: readonly Entry[]): number => {
    const records = totalOf('records', entries)
    if (records) onDropped(reason, records)
    return settle(entries)
  }

  /** Drops what is out of bounds; returns it. */
  const shed = ({ expired, outbox_full }: Bounded): readonly Entry[] => {
    drop('expired', expired)
    drop('outbox_full', outbox_full)
    return [...expired, ...outbox_full]
  }

  const obey = (shared = pace): void => {
    pace = shared
    const said = settingsIn(pace, now())
    if (said !== settings && !isStopped) onSettings((settings = said))
  }

  const isOwn = (entry: Entry): boolean => own.has(idOf(entry))

  const save = async (): Promise<void> => {
    const remove = shed(boundEntries([...own.values()], now()))
    // A prerendered page may not touch the storage.
    if (!startedMs || (!unsaved.size && !remove.length)) return
    let put: readonly Entry[] = []
    let evicted: readonly Entry[] = []
    let result = await outbox.change(() => {
      put = [...unsaved]
      unsaved.clear()
      return { put, remove }
    })
    if (result === 'full')
      result = await outbox.review((stored) => {
        evicted = stored.slice(0, put.length)
        return { put: put.filter(isOwn), remove: [...remove, ...evicted] }
      })
    if (result === 'done') {
      // What this page still holds in memory is not lost yet.
      const lost = evicted.filter((entry) => !isOwn(entry))
      drop('outbox_full', lost)
    } else for (const entry of put.filter(isOwn)) unsaved.add(entry)
  }

  /** Looks through the outbox, and in the same transaction keeps it in bounds and takes the lease. */
  const review = async (isTime: IsTime): Promise<FlushPlan> => {
    const youngMs = Math.max(2 * intervalMs, YOUNG_MS)
    const planWith = (stored: readonly Entry[]) =>
      planFlush(stored, own, { isTime, pace, startedMs, nowMs: now(), youngMs })
    let plan: FlushPlan | undefined
    void save()
    const result = await outbox.review((stored, shared) => {
      obey(shared)
      plan = planWith(stored)
      return { remove: [...plan.expired, ...plan.outbox_full], pace: plan.pace }
    })
    // Otherwise nothing was deleted here; the page that deletes it counts it.
    plan ??= planWith([])
    if (result === 'done') shed(plan)
    return plan
  }

  const run = async (isTime: IsTime): Promise<FlushResult> => {
    // Whoever asks from now on may have recorded something that this run does not see.
    queued = undefined
    const before = clearings
    const plan = await review(isTime)
    if (before !== clearings) return failed('cleared')
    queue = plan.queue
    if (!queue.length) return own.size ? failed('paused') : DELIVERED
    let result: FlushResult = DELIVERED
    let maxBatches = Infinity
    const settled: Entry[] = []
    while (queue.length) {
      if (isStopped) break
      const batches = takeBatches(queue, BODY_BYTES).slice(0, maxBatches)
      inFlightBytes = totalOf('bytes', batches)
      const { status, waitMs, settings: said = null } = await post(url, encodeEnvelope(batches, now()), platform.fetch)
      inFlightBytes = 0
      const verdict = verdictOn(status)
      if (verdict === 'retry') {
        pace = paceAfter(pace, { failedMs: now(), waitMs, random: platform.random() })
        result = failed(status ? `http_${status}` : 'network')
        queue = []
        break
      }
      pace = { ...pace, ...AT_REST }
      if (verdict === 'split' && batches.length > 1) {
        maxBatches = batches.length >> 1
        continue
      }
      maxBatches *= 2
      settled.push(...batches)
      if (verdict === 'acknowledged') {
        const records = settle(batches)
        if (records) onAcknowledged(records)
        obey({ ...pace, settings: said, heardMs: now() })
      } else if (drop(status === 413 ? 'too_large' : 'rejected', batches)) result = failed(`http_${status}`)
    }
    if (queue.length) result = failed('stopped')
    queue = []
    // Gives the lease back. That of another tab goes with it: at worst a batch travels twice.
    await outbox.change(() => ({ remove: settled, pace }))
    return before === clearings ? result : failed('cleared')
  }

  const sendBeacons = (): void => {
    const nowMs = now()
    // While the server wants to be left alone, only what may not be in the outbox goes.
    const isUnsent = (entry: Entry) => !entry.beaconedMs && (unsaved.has(entry) || !isOrdered(pace, nowMs))
    // The newest first: they are the least likely to be in the outbox, and the oldest may be in flight already.
    const unsent = [...new Set([...queue, ...own.values()])].filter(isUnsent).reverse()
    for (const batches of bodiesWithin(unsent, KEEPALIVE_BYTES - inFlightBytes)) {
      if (!platform.sendBeacon(url, encodeEnvelope(batches, nowMs))) return
      // A beacon to a server that was just down proves nothing.
      if (pace.failures) continue
      for (const entry of batches) {
        entry.beaconedMs = nowMs
        unsaved.add(entry)
      }
    }
  }

  /** One flush at a time. */
  const runNext = (isTime: IsTime): Promise<FlushResult> =>
    (last = last.then(() => run(isTime)).catch(() => failed('error')))

  const isUnsent = ({ beaconedMs }: Entry): boolean => !beaconedMs

  const tick = (isTime: IsTime, nextMs: number): void => {
    timer = platform.setTimeout(() => tick(isDue, intervalMs), nextMs)
    // In the background only unsent batches are worth a request. The others are confirmed when the user is back.
    const isWorth = platform.isVisible() || [...own.values()].some(isUnsent)
    if (isWorth && !isPaused(pace, now())) void runNext(isTime)
  }

  const startTimer = (nextMs: number): void => {
    intervalMs = nextMs
    const firstMs = Math.min(FIRST_FLUSH_MS, intervalMs)
    platform.clearTimeout(timer)
    timer = platform.setTimeout(() => tick(isDueWithout(isOwn), intervalMs - firstMs), firstMs)
  }

  const stop = (): void => {
    isStopped = true
    platform.clearTimeout(timer)
  }

  return {
    add: (batch) => {
      const entry = createEntry(batch)
      own.set(idOf(entry), entry)
      unsaved.add(entry)
      void save()
    },
    flush: () => (queued ??= runNext(isWanted)),
    beacon: () => {
      try {
        outbox.leave()
        sendBeacons()
      } catch {
        // The outbox has it.
      }
      void save()
    },
    start: () => {
      isStopped = false
      startedMs = now()
      // In a task of its own, so that none is long: the first batch is sealed much later.
      platform.setTimeout(() => void outbox.open(obey), 0)
      void save()
      startTimer(intervalMs)
    },
    stop,
    setFlushInterval: startTimer,
    clear: async () => {
      own.clear()
      unsaved.clear()
      queue = []
      clearings++
      await outbox.clear()
    },
    pendingRecords: () => totalOf('records', [...own.values()]),
    pendingBatches: () => own.size,
  }
}

import { createGuard } from './browser/guard.ts'
import { isHidden, startLifecycle } from './browser/lifecycle.ts'
import { createSession } from './browser/session.ts'
import { warn } from './browser/warn.ts'
import { createDelivery, type FlushResult } from './delivery/delivery.ts'
import type { Instruments } from './metrics/instruments.ts'
import { createRecorder } from './metrics/recorder.ts'
import { WINDOW_MS, windowMsFor } from './metrics/seal-window.ts'
import { sealBatches } from './metrics/seal.ts'
import { type Consent, type Options, resolveOptions } from './options.ts'
import type { DropReason } from './protocol/types.ts'
import type { SealedBatch } from './protocol/wire.ts'

/** All numbers are calls of `increment` and `observe`. */
export interface BeaconStats {
  readonly recorded: number
  /** Recorded, and not yet acknowledged by the server. */
  readonly pending: number
  readonly acknowledged: number
  readonly dropped: Partial<Record<DropReason, number>>
}

export interface Beacon extends Instruments {
  /**
   * Sends what was recorded so far; resolves when the server has it on durable storage, or says why not. Never rejects.
   * The reason is `inactive` while the page is prerendering, without consent, after `shutdown` and the edge's off switch.
   */
  readonly flush: () => Promise<FlushResult>
  /**
   * true or 'granted': records from now on, and sends what was recorded while consent was pending. Anything else: stops, and erases
   * what is buffered, also what earlier pages left.
   */
  readonly setConsent: (consent: Exclude<Consent, 'pending'>) => void
  /** What a user debugs with. */
  readonly stats: () => BeaconStats
  /** Sends what was recorded, then stops for good: later calls do nothing. */
  readonly shutdown: () => Promise<void>
}

/**
 * What `init` of the package is, without the types of a catalog (see init.ts).
 * @example
 * const beacon = init({ service: 'shop', release: '1.4.2', plugins: [webVitals()] })
 * beacon.increment('checkout.clicks')
 */
export function init(options: Options = {}): Beacon {
  const isPage = typeof document !== 'undefined'
  const isOptedOut = isPage && (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl === true
  const surroundings = { pageUrl: isPage ? location.href : 'http://localhost', isOptedOut, warn }
  const settings = resolveOptions(options, surroundings)
  const { url, resource, flushIntervalMs, beforeRecord, debug } = settings
  const guard = createGuard((error) => debug && warn(error))
  const stops: (() => void)[] = []
  /** Below 1 in `weight`, this page is in. One draw for all rates there may be: who is out at one is out at every lower one. */
  const draw = Math.random()
  let { plugins, weight, consent } = settings
  let session = createSession()
  let sequence = 1
  /** Batches that delivery may not have yet, where a closing Firefox ended the script in between. Adding one again does no harm. */
  let sealed: readonly SealedBatch[] = []
  let acknowledged = 0
  let isErasureDue = isOptedOut && !consent
  let isActivated = false
  let isShut = !isPage
  /** Whether the page was hidden, and its last values have left. */
  let isAway = false
  /** Whether the next window leaves in a beacon, since the page was only just hidden. */
  let isLeaving = false

  const canDeliver = (): boolean => isActivated && consent === true && !isShut

  const keepSealed = (): void => {
    for (const batch of sealed) {
      delivery.add(batch)
      sequence = batch.sequence + 1
    }
    sealed = []
  }

  const seal = (): void => {
    if (!canDeliver()) return
    const sealedMs = Date.now()
    keepSealed()
    do {
      const head = { session, weight: weight > 1 ? weight : undefined, resource, sequence, sealedMs }
      sealed = recorder.drain((points) => sealBatches(points, head))
      keepSealed()
      // Drops alone, as of a full outbox, are no reason to go on: each batch of theirs would push out another.
    } while (recorder.pending())
  }

  const discard = (): void => {
    sealed = []
    while (recorder.drain(({ length }) => length));
  }

  const leave = (): void => {
    seal()
    // The `pagehide` of a visible page is followed by its `visibilitychange`: web-vitals has its last values only then, and
    // Firefox loses most beacons of the former.
    if (isHidden() && canDeliver()) delivery.beacon()
  }

  const openWindow = (): void => {
    if (!canDeliver()) return
    const windowMs = windowMsFor(delivery.pendingBatches())
    // The timers of a hidden page run once a second at best.
    if (isAway && isHidden() && windowMs === WINDOW_MS) queueMicrotask(guard(isLeaving ? leave : seal))
    else setTimeout(guard(seal), windowMs)
    isLeaving = false
  }

  const recorder = createRecorder({
    onFirstRecord: guard(openWindow),
    onFirstDrop: (reason, name) => debug && warn(`dropped (${reason}):`, name),
    beforeRecord,
    onFilterError: warn,
    now: () => performance.now(),
  })

  const isIn = (): boolean => draw * weight < 1
  const updateRecorder = (): void => recorder.setEnabled(!!consent && isIn() && !isShut)

  const delivery = createDelivery({
    url,
    flushIntervalMs,
    onAcknowledged: (records) => {
      acknowledged += records
    },
    onSettings: guard((text: string | null) => {
      const said = JSON.parse(text as string) as { readonly enabled?: unknown } | null
      const asked = resolveOptions(said as Options, { ...surroundings, usualIntervalMs: flushIntervalMs })
      delivery.setFlushInterval(asked.flushIntervalMs)
      // A session has one weight. It only grows: what a page that is out did not record cannot be had any more.
      if (sequence === 1) weight = Math.max(weight, asked.weight)
      if (said?.enabled === false) halt()
      updateRecorder()
      // What was recorded before the page knew.
      if (isShut || !isIn()) discard()
    }),
    onDropped: recorder.drop,
  })

  /** Stops for good. */
  const halt = (): void => {
    isShut = true
    updateRecorder()
    delivery.stop()
    for (const stop of stops.splice(0)) stop()
  }

  const erase = (): void => {
    discard()
    delivery.stop()
    // A prerendered page may not touch the storage: later.
    isErasureDue = !isActivated
    if (isActivated) void delivery.clear()
  }

  const begin = (): void => {
    if (isErasureDue) erase()
    if (!isActivated || !consent || isShut) return
    isAway = isHidden()
    // The batches of other pages count, also where this one is out.
    if (canDeliver()) delivery.start()
    openWindow()
    if (!isIn()) return
    for (const plugin of plugins)
      guard(() => {
        const stop = plugin({ ...recorder.instruments, url })
        if (stop) stops.push(guard(stop))
      })()
    plugins = []
  }

  const setConsent: Beacon['setConsent'] = (value): void => {
    consent = value === true || value === 'granted'
    updateRecorder()
    if (consent) begin()
    else erase()
  }

  const flush = async (): Promise<FlushResult> => {
    if (!canDeliver()) return { acknowledged: false, reason: 'inactive' }
    let isSealed = false
    guard(() => {
      seal()
      isSealed = true
    })()
    const flushed = await delivery.flush()
    return isSealed ? flushed : { acknowledged: false, reason: 'error' }
  }

  const shutdown = async (): Promise<void> => {
    const flushed = flush()
    isShut = true
    updateRecorder()
    await flushed
    halt()
  }

  updateRecorder()
  if (isPage) {
    const onActivated = (): void => {
      isActivated = true
      begin()
    }
    const onLeaving = (): void => {
      // Not before: microtasks run between the listeners of an event, and their last values shall leave in one beacon.
      isLeaving = isAway = isHidden()
      leave()
    }
    const onRestored = (): void => {
      session = createSession()
      sequence = 1
    }
    stops.push(startLifecycle({ onActivated, onLeaving, onRestored }, guard))
  }

  return {
    ...recorder.instruments,
    flush,
    setConsent: guard(setConsent),
    stats: () => ({
      recorded: recorder.recorded(),
      pending: recorder.pending() + sealed.reduce((sum, { records }) => sum + records, 0) + delivery.pendingRecords(),
      acknowledged,
      dropped: recorder.dropped(),
    }),
    shutdown,
  }
}

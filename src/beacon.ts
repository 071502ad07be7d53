import { createGuard } from './browser/guard.ts'
import { isHidden, startLifecycle } from './browser/lifecycle.ts'
import { createSession } from './browser/session.ts'
import { warn } from './browser/warn.ts'
import { createDelivery, type FlushResult } from './delivery/delivery.ts'
import type { Instruments } from './metrics/instruments.ts'
import { createRecorder } from './metrics/recorder.ts'
import { WINDOW_MS, windowMsFor } from './metrics/seal-window.ts'
import { sealBatches } from './metrics/seal.ts'
import { type Options, resolveOptions } from './options.ts'
import type { DropReason } from './protocol/types.ts'

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
   * The reason is `inactive` while the page is prerendering, without consent, and after `shutdown`.
   */
  readonly flush: () => Promise<FlushResult>
  /** false: stops, and erases what is buffered, also what earlier pages left. true: records from now on. */
  readonly setConsent: (consent: boolean) => void
  /** What a user debugs with. */
  readonly stats: () => BeaconStats
  /** Sends what was recorded, then stops for good: later calls do nothing. */
  readonly shutdown: () => Promise<void>
}

/**
 * Starts a beacon. Never throws; where there is no document (on a server) it does nothing.
 * @example
 * const beacon = init({ service: 'shop', release: '1.4.2', plugins: [webVitals()] })
 * beacon.increment('checkout.clicks')
 */
export function init(options: Options = {}): Beacon {
  const isPage = typeof document !== 'undefined'
  const isOptedOut = isPage && (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl === true
  const settings = resolveOptions(options, { pageUrl: isPage ? location.href : 'http://localhost', isOptedOut, warn })
  const { url, resource, flushIntervalMs, debug } = settings
  const guard = createGuard((error) => debug && warn(error))
  const stops: (() => void)[] = []
  let plugins = settings.plugins
  let session = createSession()
  let sequence = 1
  let acknowledged = 0
  let hasConsent = settings.consent
  let isErasureDue = isOptedOut && !hasConsent
  let isActivated = false
  let isShut = !isPage
  /** Whether the page was hidden, and its last values have left. */
  let isAway = false
  /** Whether the next window leaves in a beacon, since the page was only just hidden. */
  let isLeaving = false

  const canDeliver = (): boolean => isActivated && hasConsent && !isShut

  const seal = (): void => {
    if (!canDeliver()) return
    const sealedMs = Date.now()
    for (const batch of sealBatches(recorder.drain(), { session, resource, sequence, sealedMs })) {
      sequence++
      delivery.add(batch)
    }
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
    now: () => performance.now(),
  })

  const delivery = createDelivery({
    url,
    flushIntervalMs,
    onAcknowledged: (records) => {
      acknowledged += records
    },
    onDropped: recorder.drop,
  })

  const erase = (): void => {
    recorder.drain()
    delivery.stop()
    // A prerendered page may not touch the storage: later.
    isErasureDue = !isActivated
    if (isActivated) void delivery.clear()
  }

  const begin = (): void => {
    if (isErasureDue) erase()
    if (!canDeliver()) return
    isAway = isHidden()
    delivery.start()
    openWindow()
    for (const plugin of plugins)
      guard(() => {
        const stop = plugin(recorder.instruments)
        if (stop) stops.push(guard(stop))
      })()
    plugins = []
  }

  const setConsent = (consent: boolean): void => {
    if (isShut) return
    hasConsent = consent
    recorder.setEnabled(consent)
    if (consent) begin()
    else erase()
  }

  const flush = async (): Promise<FlushResult> => {
    if (!canDeliver()) return { acknowledged: false, reason: 'inactive' }
    seal()
    return delivery.flush()
  }

  const shutdown = async (): Promise<void> => {
    const flushed = flush()
    isShut = true
    recorder.setEnabled(false)
    await flushed
    delivery.stop()
    for (const stop of stops.splice(0)) stop()
  }

  recorder.setEnabled(hasConsent && isPage)
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
      pending: recorder.pending() + delivery.pendingRecords(),
      acknowledged,
      dropped: recorder.dropped(),
    }),
    shutdown,
  }
}

import { type MetricType, onCLS, onFCP, onLCP, onTTFB } from 'web-vitals'
import { attempt } from '../browser/attempt.ts'
import { guard } from '../core/guard.ts'
import type { Attributes } from '../protocol/types.ts'
import { onFinalINP } from './final-inp.ts'
import type { Plugin } from '../core/plugin.ts'
import { secondsOf } from './seconds.ts'

/** Names the causes of values. Its exceptions are ignored. */
export interface VitalsAttribution {
  /** Attributes with values from a small set: each is a series of its own. */
  readonly attributesOf: (metric: MetricType) => Attributes
  readonly stop?: () => void
}

export interface WebVitalsOptions {
  /**
   * Adds the cause of a value: `attribution` of this package, or one of your own. Called once, at the start.
   * @default none
   */
  readonly attribution?: () => VitalsAttribution
  /**
   * Measures route changes of a single-page application as page views too, where the browser reports them (Chromium's
   * `soft-navigation` entries), with the attribute `navigation` (`hard`, `soft`) on every value.
   * @default false
   */
  readonly softNavigations?: boolean
}

/**
 * Core Web Vitals and their companions, once per page view (also one that the back/forward cache restored):
 * histograms `web_vitals.lcp`, `.inp`, `.fcp` and `.ttfb` in seconds, `web_vitals.cls` as a ratio, with the attribute `rating`
 * (`good`, `needs-improvement`, `poor`). LCP is final at the first input or when the page is hidden; CLS and INP are taken
 * when it is hidden for the first time, since an observation cannot be taken back.
 */
export const webVitals =
  ({ attribution, softNavigations = false }: WebVitalsOptions = {}): Plugin =>
  ({ observe }) => {
    const seen = new Set<string>()
    // Before web-vitals, so that it sees every entry first.
    const about = attempt(attribution, undefined)
    let isStopped = false
    const report = (metric: MetricType): void => {
      const { name, id, value, rating, navigationType } = metric
      if (isStopped || seen.has(id)) return
      seen.add(id)
      observe(`web_vitals.${name.toLowerCase()}`, name === 'CLS' ? value : secondsOf(value), {
        rating,
        ...(softNavigations && { navigation: navigationType === 'soft-navigation' ? 'soft' : 'hard' }),
        ...attempt(about?.attributesOf, metric),
      })
    }
    // Each metric starts in a task of its own, so that none is long. They miss no entry: the browser buffers entries for later observers
    // (https://w3c.github.io/performance-timeline/#dom-performanceobserverinit-buffered).
    for (const start of [onLCP, onFinalINP, onCLS, onFCP, onTTFB])
      setTimeout(guard(() => start(report, { reportSoftNavs: softNavigations })))
    // web-vitals cannot be stopped; it can be ignored.
    return () => {
      isStopped = true
      about?.stop?.()
    }
  }

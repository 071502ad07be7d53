import type { NavigationEntry } from '../browser/navigation-entry.ts'

/**
 * The phases of a page load that there were, in ms. For a prerendered page they count from the activation, because its user waited
 * only since then. A phase that did not happen (no redirect, a connection used again) or that the browser does not tell is
 * left out; a milestone that was reached before the activation is 0.
 */
export function navigationPhases(entry: NavigationEntry): (readonly [phase: string, ms: number])[] {
  const shownMs = entry.activationStart ?? 0
  // A comparison with a value that the browser leaves out is false.
  const between = (startMs: number, endMs: number): number => {
    const fromMs = Math.max(startMs, shownMs)
    return startMs > 0 && endMs > fromMs ? endMs - fromMs : -1
  }
  const until = (endMs: number): number => (endMs > 0 ? Math.max(endMs - shownMs, 0) : -1)
  return Object.entries({
    redirect: between(entry.redirectStart, entry.redirectEnd),
    dns: between(entry.domainLookupStart, entry.domainLookupEnd),
    connect: between(entry.connectStart, entry.connectEnd),
    tls: between(entry.secureConnectionStart, entry.connectEnd),
    request: between(entry.requestStart, entry.responseStart),
    response: between(entry.responseStart, entry.responseEnd),
    'dom-interactive': until(entry.domInteractive),
    'dom-content-loaded': until(entry.domContentLoadedEventEnd),
    load: until(entry.loadEventEnd),
  }).filter(([, ms]) => ms >= 0)
}

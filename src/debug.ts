import type { Beacon } from './core/beacon.ts'

/** Requests shown. */
const LAST = 10

/**
 * Prints the state of a beacon to the console: its numbers, its drops by reason, and its last requests with their answers, as
 * far as the browser remembers them. Prints once for each call and listens to nothing. Never throws.
 * @param path a part of the address that batches are posted to. Default: that of the default `url`
 * @example debugPanel(beacon)
 */
export function debugPanel(beacon: Pick<Beacon, 'stats'>, path = '/v1/beacon'): void {
  const { dropped, ...numbers } = beacon.stats()
  print('numbers', [numbers])
  print(
    'dropped',
    Object.entries(dropped).map(([reason, calls]) => ({ reason, calls })),
  )
  print('last requests', lastRequests(path))
}

function lastRequests(path: string): readonly object[] {
  return resources()
    .filter(({ name }) => name.includes(path))
    .slice(-LAST)
    .map(({ initiatorType, startTime, duration, responseStatus }) => ({
      sentBy: initiatorType,
      startMs: Math.round(startTime),
      durationMs: Math.round(duration),
      // 0: the browser does not tell, or there was no answer.
      status: responseStatus,
    }))
}

function resources(): readonly PerformanceResourceTiming[] {
  try {
    return performance.getEntriesByType('resource')
  } catch {
    // Embedded browsers may not have this list.
    return []
  }
}

function print(title: string, rows: readonly object[]): void {
  try {
    // oxlint-disable-next-line no-console -- this is what it is for
    console.log(`pharos: ${title}${rows.length > 0 ? '' : ': none'}`)
    // oxlint-disable-next-line no-console
    if (rows.length > 0) console.table(rows)
  } catch {
    // A page may have replaced the console by anything.
  }
}

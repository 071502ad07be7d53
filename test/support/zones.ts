import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks'
import { vi } from 'vitest'

export interface WatchedZones {
  /** Each timer and listener that was made, with the zone in which it was: `setTimeout root`. */
  readonly made: string[]
  /** In which zone the code that asks runs. */
  readonly current: () => string
  /** Runs work as the code of an Angular application is run. */
  readonly inAngular: <T>(work: () => T) => T
}

/**
 * The part of zone.js that `outside` uses: timers and promises that are made in a zone belong to it. Over fake timers too.
 * `vi.unstubAllGlobals` takes it away.
 */
export function watchZones(): WatchedZones {
  const zone = new AsyncLocalStorage<string>()
  const current = (): string => zone.getStore() ?? 'none'
  const made: string[] = []
  vi.stubGlobal('Zone', { root: { run: <T>(work: () => T): T => zone.run('root', work) } })
  const watch = (name: 'setTimeout' | 'setInterval' | 'addEventListener', at: number): void => {
    const original = globalThis[name] as ((...args: unknown[]) => unknown) | undefined
    // A host without a page has no listeners.
    if (!original) return
    vi.stubGlobal(name, (...args: unknown[]) => {
      made.push(`${name} ${current()}`)
      return original.apply(globalThis, args.with(at, AsyncResource.bind(args[at] as () => void)))
    })
  }
  watch('setTimeout', 0)
  watch('setInterval', 0)
  watch('addEventListener', 1)
  return { made, current, inAngular: (work) => zone.run('angular', work) }
}

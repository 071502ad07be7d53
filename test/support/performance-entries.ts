import { vi } from 'vitest'

/** Fields of a performance entry, as far as a test cares. */
export type Fields = Readonly<Record<string, unknown>>

/** A browser's performance entries, in a DOM without them. */
export interface PerformanceEntries {
  /** What the browser has seen: observers get it in a task of their own. */
  readonly add: (type: string, ...entries: readonly Fields[]) => void
  /** That task. */
  readonly deliver: () => void
  /** Observers that are still at work. */
  readonly observers: () => number
}

/** @param types what the browser supports */
export function stubPerformanceEntries(types: readonly string[]): PerformanceEntries {
  const buffer: { type: string; entry: Fields }[] = []
  const observers = new Set<FakeObserver>()

  class FakeObserver {
    static readonly supportedEntryTypes = types
    readonly run: (list: { getEntries: () => readonly Fields[] }) => void
    queue: Fields[] = []
    type = ''

    constructor(run: FakeObserver['run']) {
      this.run = run
    }

    observe({ type, buffered }: { type: string; buffered?: boolean }): void {
      if (!types.includes(type)) throw new TypeError(`no such entries: ${type}`)
      this.type = type
      observers.add(this)
      if (buffered) this.queue.push(...buffer.filter((seen) => seen.type === type).map(({ entry }) => entry))
    }

    takeRecords(): Fields[] {
      return this.queue.splice(0)
    }

    disconnect(): void {
      observers.delete(this)
    }
  }

  vi.stubGlobal('PerformanceObserver', FakeObserver)
  return {
    add: (type, ...entries) => {
      for (const entry of entries) {
        buffer.push({ type, entry })
        for (const observer of observers) if (observer.type === type) observer.queue.push(entry)
      }
    },
    deliver: () => {
      for (const observer of observers) {
        const records = observer.takeRecords()
        if (records.length > 0) observer.run({ getEntries: () => records })
      }
    },
    observers: () => observers.size,
  }
}

import { outside } from '../core/outside.ts'

export interface FlushTimer {
  /** Plans the work, unless it is planned already. */
  readonly arm: (delayMs: number) => void
  readonly stop: () => void
}

/** Runs `work` once for each time it is armed, outside Angular's zone. Does nothing where there are no timers. */
export function createFlushTimer(work: () => void): FlushTimer {
  let timer: ReturnType<typeof setTimeout> | undefined
  const run = (): void => {
    timer = undefined
    work()
  }
  return {
    arm: (delayMs) => {
      if (timer !== undefined) return
      try {
        timer = outside(() => setTimeout(run, delayMs))
        // Node: a process that has nothing else to do may end.
        ;(timer as { unref?: () => void }).unref?.()
      } catch {
        // The top of a Worker's module: `flush` will come.
      }
    },
    stop: () => {
      clearTimeout(timer)
      timer = undefined
    },
  }
}

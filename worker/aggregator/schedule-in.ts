/** Timers. No request may be waiting for their writes, so the object must: it could be put to sleep before. */
export const scheduleIn =
  (ctx: DurableObjectState) =>
  (callback: () => void, delayMs: number): (() => void) => {
    const timer = setTimeout(() => {
      callback()
      ctx.waitUntil(ctx.storage.sync())
    }, delayMs)
    return () => {
      clearTimeout(timer)
    }
  }

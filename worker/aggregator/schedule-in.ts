/**
 * Timers. A timer's write may happen while no request waits for it, so the object waits: otherwise it could be evicted before
 * the write is confirmed (https://developers.cloudflare.com/durable-objects/concepts/durable-object-lifecycle/).
 */
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

import { guard } from './guard.ts'
import { askCourier } from './load.ts'
import type { Page } from './types.ts'

/** Starts the flush timer, again where it runs. The courier is asked only when there is something to send. */
export const startTimer = (page: Page, intervalMs: number): void => {
  page.intervalMs = intervalMs
  clearInterval(page.timer)
  page.timer = setInterval(
    guard(() => {
      if (page.courier || page.own.size) askCourier(page, (courier) => courier.tick())
    }),
    intervalMs,
  )
}

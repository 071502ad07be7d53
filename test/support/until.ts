import { setTimeout as delay } from 'node:timers/promises'
import { inspect } from 'node:util'

export interface UntilOptions {
  /** @default 60000 */
  readonly timeoutMs?: number
  /** @default 50 */
  readonly everyMs?: number
}

/** Reads again and again until `isDone`; fails with what was read last. */
export async function until<T>(
  read: () => T | Promise<T>,
  isDone: (value: T) => boolean,
  options: UntilOptions = {},
): Promise<T> {
  const { timeoutMs = 60_000, everyMs = 50 } = options
  const deadlineMs = Date.now() + timeoutMs
  for (;;) {
    const value = await read()
    if (isDone(value)) return value
    if (Date.now() > deadlineMs) throw new Error(`Not so after ${timeoutMs} ms: ${inspect(value).slice(0, 2_000)}`)
    await delay(everyMs)
  }
}

/** Reads again until it is right or the time is up; returns what was read last, for the test to judge. */
export async function readUntil<T>(
  read: () => T | Promise<T>,
  isRight: (value: T) => boolean,
  timeoutMs = 60_000,
): Promise<T> {
  const deadlineMs = Date.now() + timeoutMs
  for (;;) {
    const value = await read()
    if (isRight(value) || Date.now() > deadlineMs) return value
    await delay(50)
  }
}

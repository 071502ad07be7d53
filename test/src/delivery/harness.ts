import { vi } from 'vitest'
import { createDelivery } from '../../../src/delivery/delivery.ts'
import type { Delivery } from '../../../src/delivery/types.ts'
import { createMemoryOutbox, type MemoryStorage } from './memory-outbox.ts'

/** What the network does with a body; `lost`: it arrives, the answer does not. */
export type Weather =
  'ok' | 'down' | 'lost' | { readonly status: number; readonly retryAfter?: string; readonly settings?: string }

export interface World {
  readonly storage: MemoryStorage
  /** What arrives; a body can be refused for what is in it. */
  readonly receive: (body: string, via: 'fetch' | 'beacon') => number | undefined
  readonly weather: () => Weather
}

export interface TestPage extends Delivery {
  readonly acknowledged: () => number
  readonly dropped: Record<string, number>
  readonly heard: (string | null)[]
  /** The process ends: what was not on disk is gone, and no answer ever comes. */
  readonly kill: () => void
  visible: boolean
  takesBeacons: boolean
}

/** One page, over a storage and a network it shares with others. Wants fake timers. */
export function openPage({ storage, receive, weather }: World, flushIntervalMs = 30_000): TestPage {
  let isAlive = true
  let acknowledged = 0
  const dropped: Record<string, number> = {}
  const heard: (string | null)[] = []
  const onFetch = async (_: string, { body }: RequestInit): Promise<Response> => {
    if (!isAlive) return new Promise<Response>(() => {})
    const now = weather()
    if (now === 'down') throw new TypeError('down')
    const refused = typeof now === 'string' ? receive(body as string, 'fetch') : undefined
    await Promise.resolve()
    if (!isAlive) return new Promise<Response>(() => {})
    if (now === 'lost') throw new TypeError('lost')
    if (now === 'ok') return new Response(null, { status: refused ?? 204 })
    const { status, retryAfter, settings } = now
    if (status < 300) receive(body as string, 'fetch')
    const headers = {
      ...(retryAfter && { 'retry-after': retryAfter }),
      ...(settings && { 'pharos-settings': settings }),
    }
    return new Response(null, { status, headers })
  }
  const outbox = createMemoryOutbox(storage)
  const page: TestPage = {
    ...createDelivery(
      {
        url: 'https://edge.test/v1/beacon',
        flushIntervalMs,
        onAcknowledged: (records) => (acknowledged += records),
        onSettings: (settings) => void heard.push(settings),
        onDropped: (reason, records) => (dropped[reason] = (dropped[reason] ?? 0) + records),
      },
      {
        fetch: onFetch,
        sendBeacon: (_, body) => {
          if (!page.takesBeacons) return false
          if (weather() === 'ok' || weather() === 'lost') receive(body, 'beacon')
          return true
        },
        now: Date.now,
        random: () => 0.5,
        isVisible: () => page.visible,
        setTimeout: (work, delayMs) => setTimeout(work, delayMs),
        clearTimeout: (timer) => clearTimeout(timer as never),
        outbox: {
          ...outbox,
          change: (decide) => (isAlive ? outbox.change(decide) : new Promise(() => {})),
          open: (onPace) => (isAlive ? outbox.open(onPace) : new Promise(() => {})),
          review: (decide) => (isAlive ? outbox.review(decide) : new Promise(() => {})),
        },
      },
    ),
    acknowledged: () => acknowledged,
    dropped,
    heard,
    kill: () => {
      isAlive = false
      page.stop()
    },
    visible: true,
    takesBeacons: true,
  }
  return page
}

/** Lets everything under way come to its end; time stands still. */
export const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0)

import { discard, halt, update } from '../core/life.ts'
import { intervalOf, weightOf } from '../core/settings.ts'
import { startTimer } from '../core/timer.ts'
import type { Page } from '../core/types.ts'
import { parse } from './parse.ts'

interface Said {
  readonly enabled?: unknown
  readonly sampleRate?: number
  readonly flushIntervalMs?: number
}

interface Told {
  readonly text: string | null
  /** The page's own interval, ms. */
  readonly usualIntervalMs: number
}

/** Obeys `pharos-settings`, null for nothing (docs/PROTOCOL.md). */
export const applySettings = (page: Page, { text, usualIntervalMs }: Told): void => {
  const { enabled, sampleRate, flushIntervalMs } = parse(text) as Said
  startTimer(page, intervalOf(flushIntervalMs) ?? usualIntervalMs)
  // A session has one weight. It only grows: a page that is out has no records of the time before.
  if (page.sequence === 1) page.weight = Math.max(page.weight, weightOf(sampleRate) ?? 1)
  if (enabled === false) halt(page)
  update(page)
  // The records from before the page knew.
  if (!page.isOn) discard(page)
}

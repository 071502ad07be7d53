import { discard, halt, update } from '../core/life.ts'
import { intervalOf, weightOf } from '../core/settings.ts'
import { startTimer } from '../core/timer.ts'
import type { Page } from '../core/types.ts'
import { parse } from './parse.ts'

/** The settings that a page applies, as they came: any of them may be wrong. */
interface RemoteSettings {
  readonly enabled?: unknown
  readonly sampleRate?: number
  readonly flushIntervalMs?: number
}

interface SettingsUpdate {
  /** The value of the header `pharos-settings`; null where there is none. */
  readonly text: string | null
  /** The page's own interval, ms. */
  readonly usualIntervalMs: number
}

/** Applies settings of the edge (docs/PROTOCOL.md, "Settings in an acknowledgement"). */
export const applySettings = (page: Page, { text, usualIntervalMs }: SettingsUpdate): void => {
  const { enabled, sampleRate, flushIntervalMs } = parse(text) as RemoteSettings
  startTimer(page, intervalOf(flushIntervalMs) ?? usualIntervalMs)
  // A session has one weight. It only grows: a page that is out has no records of the time before.
  if (page.sequence === 1) page.weight = Math.max(page.weight, weightOf(sampleRate) ?? 1)
  if (enabled === false) halt(page)
  update(page)
  // What the page recorded before the settings came must not leave either.
  if (!page.isOn) discard(page)
}

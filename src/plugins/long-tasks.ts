import { attempt } from '../browser/attempt.ts'
import { observeEntries } from '../browser/observe-entries.ts'
import { groupHosts, type HostNames } from './group-hosts.ts'
import type { Plugin } from '../core/plugin.ts'
import { secondsOf } from './seconds.ts'

export interface LongTasksOptions {
  /** Groups of hosts, for the attribute `source`: `{ '*.example.com': 'ads' }`. @default none: `self`, `other` or `unknown` */
  readonly hosts?: HostNames
}

/** Above this a task is long, and the rest of it is blocking. https://w3c.github.io/longtasks */
const LONG_TASK_MS = 50

/**
 * Times when the page could not respond: counter `page.long_frames` and histogram `page.blocking`, the seconds beyond those that a
 * user does not notice, one observation each. Attributes:
 * - `kind`: `frame`, a long animation frame, where the browser knows them (its `blockingDuration`: 0 for a long frame without a
 *   long task); elsewhere `task`, a long task (its duration minus 50 ms). A browser with neither records nothing.
 * - `source`: the origin of the longest script of the frame. A group of `hosts`, `self` (the page's own origin, inline scripts too) or
 *   `other`; `unknown` where the browser names no script, which is so for every `task`.
 */
export const longTasks =
  ({ hosts }: LongTasksOptions = {}): Plugin =>
  ({ increment, observe }) => {
    const groupOf = groupHosts(hosts)
    const record = (kind: string, blockingMs: number, scriptUrl = ''): void => {
      const source = attempt((url) => groupOf(new URL(url)), scriptUrl) ?? 'unknown'
      increment('page.long_frames', 1, { kind, source })
      observe('page.blocking', secondsOf(blockingMs), { kind, source })
    }
    return (
      observeEntries('long-animation-frame', ({ blockingDuration, scripts }) => {
        const longest = [...scripts].sort((a, b) => b.duration - a.duration)[0]
        record('frame', blockingDuration, longest?.sourceURL)
      }) ?? observeEntries('longtask', ({ duration }) => record('task', Math.max(0, duration - LONG_TASK_MS)))
    )
  }

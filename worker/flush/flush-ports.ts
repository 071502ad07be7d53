import type { State } from '../state/state.ts'
import type { Gauges } from '../state/window.ts'
import type { CommitLog } from '../storage/commit-log.ts'
import type { FlushSetup } from './effective-config.ts'
import type { PushMetrics } from './push-metrics.ts'

/** The ports that the pushes of a flush need beside their destination. */
export interface FlushPorts {
  readonly setup: () => FlushSetup
  readonly state: State
  readonly log: CommitLog
  readonly metrics: PushMetrics
  /** The edge clock, ms since 1970; it never goes back. */
  readonly clockMs: () => number
  readonly gauges: (nowMs: number) => Gauges
}

import type { CommitLog } from '../storage/commit-log.ts'
import type { ExportBooks } from './push-metrics.ts'
import type { ExportSetup } from './export-settings.ts'
import type { Gauges } from '../state/backlog.ts'
import type { Ledger } from '../state/state.ts'

/** The ports that the pushes of a flush need beside their destination. */
export interface ExportPorts {
  readonly setup: () => ExportSetup
  readonly ledger: Ledger
  readonly log: CommitLog
  readonly books: ExportBooks
  /** The edge clock, ms since 1970; it never goes back. */
  readonly clockMs: () => number
  readonly gauges: (nowMs: number) => Gauges
}

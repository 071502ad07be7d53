import type { CommitLog } from './commit-log.ts'
import type { ExportBooks } from './export-books.ts'
import type { ExportSetup } from './export-setup.ts'
import type { Gauges } from './delta-tracks.ts'
import type { Ledger } from './ledger.ts'

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

import type { Series, Snapshot } from '../model/types.ts'
import type { Engine } from './connection.ts'

/** The parts of a destination of any temporality. */
export interface DestinationParts {
  readonly engine: Engine
  /** The snapshot as the destination sees it. */
  readonly mapSnapshot: (snapshot: Snapshot) => Snapshot
  readonly accepts: (series: Series) => boolean
}

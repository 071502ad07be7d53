import { Aggregator } from './aggregator/aggregator.ts'
import { withOwnKinds } from './destinations/kinds.ts'
import { createHandler, type Handler } from './http/create-handler.ts'
import type { DestinationDefinition } from './model/destination-definition.ts'
import type { Script } from './model/script-file.ts'

/** The options of a worker. */
export interface WorkerOptions {
  /** The page's script: `/pharos.js`, and its parts. */
  readonly script: Script
  /** Kinds of destinations beside the built-in ones; see `defineDestination`. @default [] */
  readonly destinations?: readonly DestinationDefinition[]
}

/** A worker to deploy: its handler, and the class of its Durable Object. */
export interface PharosWorker extends Handler {
  /** Must be exported under this name, as the binding of the Durable Object says. */
  readonly Aggregator: typeof Aggregator
}

/**
 * A worker with all routes of Pharos, and with kinds of destinations of your own. Throws where a kind has the name of another.
 * @example
 * import { createWorker, script } from 'pharos-beacon/worker'
 * const worker = createWorker({ script, destinations: [mine] })
 * export default worker
 * export const { Aggregator } = worker
 */
export function createWorker({ script, destinations = [] }: WorkerOptions): PharosWorker {
  const kinds = withOwnKinds(destinations)
  return {
    ...createHandler({ script, kinds }),
    Aggregator: class extends Aggregator {
      static override readonly kinds = kinds
    },
  }
}

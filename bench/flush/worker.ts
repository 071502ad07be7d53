// What a flush runs, as a worker: it encodes the same snapshot as often as it is asked to. Node imports the same bundle.
import { defaultConfig, destinationDefaults } from '../../worker/config/default-config.ts'
import { createExporter } from '../../worker/export/index.ts'
import { createSnapshot, type SnapshotOptions } from './snapshot.ts'

// The class that every configuration of the bench names; it has no object.
// oxlint-disable-next-line typescript/no-extraneous-class -- a name is all that is asked of it
export class Aggregator {}

const url = 'https://prometheus.example.com/api/v1/write'
const destination = { ...destinationDefaults, name: 'bench', kind: 'prometheus', url } as const

/** What to encode, and how often. */
export interface FlushOptions extends SnapshotOptions {
  readonly times: number
}

/** Encodes one flush again and again; what it gives is that of the last time. */
export function encodeFlush({ times, ...size }: FlushOptions): readonly Uint8Array[] {
  const exporter = createExporter(destination, defaultConfig)
  const snapshot = createSnapshot(size)
  let steps = exporter.encode(snapshot)
  for (let i = 1; i < times; i++) steps = exporter.encode(snapshot)
  return steps.flatMap(({ requests }) => requests.map(({ body }) => body))
}

// oxlint-disable-next-line import/no-default-export -- the host demands it
export default {
  async fetch(request: Request): Promise<Response> {
    if (request.method === 'POST') encodeFlush((await request.json()) as FlushOptions)
    return new Response(null, { status: 204 })
  },
}

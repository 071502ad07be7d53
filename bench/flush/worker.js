// What a flush runs, as a worker: it encodes the same snapshot as often as it is asked to. Node imports the same bundle.
import { defaultConfig, destinationDefaults } from '../../worker/config/default-config.ts'
import { createExporter } from '../../worker/export/index.ts'
import { createSnapshot } from './snapshot.ts'

// The class that every configuration of the bench names; it has no object.
// oxlint-disable-next-line typescript/no-extraneous-class -- a name is all that is asked of it
export class Aggregator {}

const url = 'https://prometheus.example.com/api/v1/write'
const destination = { ...destinationDefaults, name: 'bench', kind: 'prometheus', url }

/** Encodes one flush again and again; what it gives is that of the last time. */
export function encodeFlush({ counters, histograms, times }) {
  const exporter = createExporter(destination, defaultConfig)
  const snapshot = createSnapshot({ counters, histograms })
  let steps = []
  for (let i = 0; i < times; i++) steps = exporter.encode(snapshot)
  return steps.flatMap(({ requests }) => requests.map(({ body }) => body))
}

// oxlint-disable-next-line import/no-default-export -- the host demands it
export default {
  async fetch(request) {
    if (request.method === 'POST') encodeFlush(await request.json())
    return new Response(null, { status: 204 })
  },
}

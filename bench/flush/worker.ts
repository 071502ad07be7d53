// What a flush runs, as a worker: it encodes the same snapshot as often as it is asked to. Node imports the same bundle.
import { readConfig } from '../../worker/config/read-config.ts'
import { DESTINATIONS, kindOf } from '../../worker/destinations/kinds.ts'
import type { ExportRequest } from '../../worker/model/types.ts'
import { createSnapshot, type SnapshotOptions } from './snapshot.ts'

// The class that every configuration of the bench names; it has no object.
// oxlint-disable-next-line typescript/no-extraneous-class -- a name is all that is asked of it
export class Aggregator {}

/** What to encode, and how often. */
export interface FlushOptions extends SnapshotOptions {
  /** As a user writes it, without a name. */
  readonly destination: Readonly<Record<string, unknown>>
  readonly times: number
  /** Whether what the engine compresses is compressed too. */
  readonly isCoded: boolean
}

/** A request of a flush, and its body as it goes out. */
export interface EncodedRequest extends ExportRequest {
  readonly coded: Uint8Array
}

/** Encodes one flush again and again; returns the last result. */
export async function encodeFlush(options: FlushOptions): Promise<readonly EncodedRequest[]> {
  const { times, isCoded, destination, ...size } = options
  const config = readConfig({ PHAROS: { destinations: [{ name: 'bench', ...destination }] } })
  if (!config.ok) throw new Error(config.error.join('\n'))
  const settings = config.value.destinations[0]!
  const exporter = kindOf(DESTINATIONS, settings.kind).createExporter(settings, config.value)
  const snapshot = createSnapshot(size, exporter.temporality)
  let encoded: readonly EncodedRequest[] = []
  for (let i = 0; i < times; i++) {
    const requests = exporter.encode(snapshot).flatMap((step) => step.requests)
    encoded = []
    for (const request of requests)
      encoded = [...encoded, { ...request, coded: isCoded ? await codedBody(request) : request.body }]
  }
  return encoded
}

/** As worker/deliver does it. */
async function codedBody({ body, encoding }: ExportRequest): Promise<Uint8Array> {
  if (encoding === 'identity') return body
  const stream = new Blob([body]).stream().pipeThrough(new CompressionStream(encoding))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

// oxlint-disable-next-line import/no-default-export -- the host demands it
export default {
  async fetch(request: Request): Promise<Response> {
    if (request.method === 'POST') await encodeFlush((await request.json()) as FlushOptions)
    return new Response(null, { status: 204 })
  },
}

import protobuf from 'protobufjs'
import type { ExportRequest } from '../../../../worker/model/types.ts'
import type { Decoded } from '../../../contract/exporter-contract.ts'

// The official schema: DataDog/agent-payload, proto/metrics/agent_payload.proto.
const { root } = protobuf.parse(`
  syntax = "proto3";
  message SketchPayload {
    message Sketch {
      message Dogsketch {
        int64 ts = 1; int64 cnt = 2; double min = 3; double max = 4; double avg = 5; double sum = 6;
        repeated sint32 k = 7; repeated uint32 n = 8;
      }
      string metric = 1; string host = 2; repeated string tags = 4; repeated Dogsketch dogsketches = 7;
    }
    repeated Sketch sketches = 1;
  }
`)
const SketchPayload = root.lookupType('SketchPayload')

export interface DecodedSketch {
  readonly metric: string
  readonly tags: readonly string[]
  readonly ts: number
  readonly cnt: number
  readonly min: number
  readonly max: number
  readonly avg: number
  readonly sum: number
  readonly k: readonly number[]
  readonly n: readonly number[]
}

interface DecodedPoint {
  readonly metric: string
  readonly type: number
  readonly interval?: number
  readonly points: readonly { readonly timestamp: number; readonly value: number }[]
  readonly tags: readonly string[]
}

const fail = (what: string): never => {
  throw new Error(what)
}

/** What Datadog reads in a request, by independent decoders; throws at what its documentation forbids. */
export function decodeDatadog(request: ExportRequest): Decoded[] {
  if (request.encoding !== 'gzip') fail(`encoding ${request.encoding}`)
  if (request.url.endsWith('/api/v2/series')) return decodeSeries(request).map(readPoint)
  return decodeSketches(request).map(({ metric, tags, ts, cnt, sum }) => ({
    name: metric,
    labels: labelsOf(tags),
    timeMs: ts * 1_000,
    value: cnt,
    sum,
  }))
}

export function decodeSeries({ body, headers, inDoubt }: ExportRequest): readonly DecodedPoint[] {
  if (headers['content-type'] !== 'application/json') fail('no JSON')
  if (inDoubt !== 'resend') fail('a point replaces an equal one')
  if (body.length > 500_000) fail(`${body.length} bytes`)
  const text = new TextDecoder('utf-8', { fatal: true }).decode(body)
  return (JSON.parse(text) as { series: readonly DecodedPoint[] }).series
}

function readPoint({ metric, type, interval, points, tags }: DecodedPoint): Decoded {
  checkIdentity(metric, tags)
  if (type !== 1 && type !== 3) fail(`type ${type}`)
  if (type === 1 && !(Number.isInteger(interval) && interval! >= 1)) fail(`interval ${interval}`)
  const [point] = points
  if (points.length !== 1 || !Number.isInteger(point!.timestamp)) fail('not one point at a whole second')
  const { timestamp, value } = point!
  const startMs = type === 1 ? (timestamp - interval!) * 1_000 : 0
  return { name: metric, labels: labelsOf(tags), timeMs: timestamp * 1_000, startMs, value }
}

export function decodeSketches({ url, body, headers, inDoubt }: ExportRequest): readonly DecodedSketch[] {
  if (!url.endsWith('/api/beta/sketches')) fail(`sketches at ${url}`)
  if (headers['content-type'] !== 'application/x-protobuf') fail('no protobuf')
  if (inDoubt !== 'drop') fail('sketches of one second are added up')
  if (body.length > 3_200_000) fail(`${body.length} bytes`)
  const { sketches } = SketchPayload.toObject(SketchPayload.decode(body), { longs: Number, defaults: true }) as {
    sketches: readonly { metric: string; tags: readonly string[]; dogsketches: readonly DecodedSketch[] }[]
  }
  return sketches.map(({ metric, tags, dogsketches }) => {
    checkIdentity(metric, tags)
    if (dogsketches.length !== 1) fail(`${dogsketches.length} points`)
    const sketch = dogsketches[0]!
    checkBins(sketch)
    return { ...sketch, metric, tags }
  })
}

function checkBins({ cnt, min, max, avg, sum, k, n }: DecodedSketch): void {
  if (k.length !== n.length || k.length > 4_096) fail(`${k.length} keys, ${n.length} counts`)
  if (k.some((key, i) => Math.abs(key) > 32_766 || key < (k[i - 1] ?? -Infinity))) fail('keys not ascending')
  if (n.some((count) => count < 1)) fail('an empty bin')
  if (n.reduce((total, count) => total + count, 0) !== cnt) fail('the bins do not add up')
  if (avg !== sum / cnt || min > avg || avg > max) fail(`${min} ${avg} ${max}`)
}

function checkIdentity(metric: string, tags: readonly string[]): void {
  if (!/^[A-Za-z][A-Za-z0-9_.]{0,199}$/.test(metric)) fail(`metric ${metric}`)
  for (const tag of tags) {
    if (!/^\p{L}[\p{L}\p{Nd}_\-:./]{0,199}$/u.test(tag) || tag.endsWith(':')) fail(`tag ${tag}`)
    if (tag !== tag.toLowerCase()) fail(`upper case in ${tag}`)
  }
  if (new Set(tags).size !== tags.length) fail(`a tag twice: ${tags.join()}`)
}

/** Tags by key; several of one key are joined, and one without a value is empty. */
function labelsOf(tags: readonly string[]): Record<string, string> {
  const labels = new Map<string, string[]>()
  for (const tag of tags) {
    const colon = tag.includes(':') ? tag.indexOf(':') : tag.length
    const key = tag.slice(0, colon)
    labels.set(key, [...(labels.get(key) ?? []), tag.slice(colon + 1)])
  }
  return Object.fromEntries(Array.from(labels, ([key, values]) => [key, values.sort().join(',')]))
}

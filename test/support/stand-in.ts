/** Servers that stand in for vendors that cannot be run here: they store the points that an independent decoder reads, with the vendor's semantics. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import protobuf from 'protobufjs'
import { withoutCoding } from './content-coding.ts'
import { bodyOf } from './poison-gate.ts'

/** What is stored of one metric under one value of a tag. */
export interface Stored {
  /** Of counters and gauges. */
  readonly value: number
  /** Of sketches and summaries. */
  readonly count: number
  readonly sum: number
  /** Sketch bins by key. */
  readonly bins: ReadonlyMap<number, number>
}

export interface StandIn {
  readonly url: string
  /** All that is stored of a metric, added up, by the value of one tag; '' where a series has no such tag. */
  readonly totals: (metric: string, tag: string) => ReadonlyMap<string, Stored>
  /** Names of all metrics stored. */
  readonly names: () => readonly string[]
  /** What it refused, and why. */
  readonly refusals: readonly string[]
  readonly close: () => Promise<void>
}

interface Point {
  readonly metric: string
  readonly tags: ReadonlyMap<string, string>
  readonly value?: number
  readonly count?: number
  readonly sum?: number
  readonly bins?: readonly (readonly [number, number])[]
}

interface Store {
  /** In the place of what was there under `id`. */
  readonly set: (id: string, point: Point) => void
  /** Beside what is there. */
  readonly add: (point: Point) => void
}

interface Taken {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** Before its content coding was undone. */
  readonly codedBytes: number
}

/** @returns the status of success; throws what is wrong with the request */
type Vendor = (taken: Taken, store: Store) => number

/** Datadog: a point replaces the one of the same metric, tags and second; sketches add up every time they arrive. */
export const startDatadogStandIn = (): Promise<StandIn> => startStandIn(takeDatadog)

/** New Relic: whatever arrives adds up. */
export const startNewRelicStandIn = (): Promise<StandIn> => startStandIn(takeNewRelic)

/**
 * A service of one's own: the last total of a series holds.
 * It reads `{"series":[{"name","attributes","value"|"count","sum"}]}`.
 */
export const startHttpStandIn = (): Promise<StandIn> => startStandIn(takeHttp)

async function startStandIn(vendor: Vendor): Promise<StandIn> {
  const kept = new Map<string, Point>()
  const added: Point[] = []
  const refusals: string[] = []
  const store: Store = { set: (id, point) => void kept.set(id, point), add: (point) => void added.push(point) }
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const coded = await bodyOf(request)
      try {
        const body = withoutCoding(coded, request.headers)
        const taken = { path: request.url!, headers: request.headers, body, codedBytes: coded.length }
        response.writeHead(vendor(taken, store), { 'content-type': 'application/json' }).end('{}')
      } catch (error) {
        refusals.push(String(error))
        response.writeHead(400).end(String(error))
      }
    }
    answer().catch(() => request.socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    totals: (metric, tag) =>
      addUp(
        [...kept.values(), ...added].filter((point) => point.metric === metric),
        tag,
      ),
    names: () => [...new Set([...kept.values(), ...added].map(({ metric }) => metric))].sort(),
    refusals,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function addUp(points: readonly Point[], tag: string): Map<string, Stored> {
  const totals = new Map<string, Stored>()
  for (const { tags, value = 0, count = 0, sum = 0, bins = [] } of points) {
    const before = totals.get(tags.get(tag) ?? '') ?? { value: 0, count: 0, sum: 0, bins: new Map() }
    const merged = new Map(before.bins)
    for (const [key, n] of bins) merged.set(key, (merged.get(key) ?? 0) + n)
    const after = { value: before.value + value, count: before.count + count, sum: before.sum + sum, bins: merged }
    totals.set(tags.get(tag) ?? '', after)
  }
  return totals
}

const check = (isRight: boolean, wrong: string): void => {
  if (!isRight) throw new Error(wrong)
}

interface DatadogSeries {
  readonly metric: string
  readonly type: number
  readonly points: readonly { readonly timestamp: number; readonly value: number }[]
  readonly tags?: readonly string[]
}

// Field numbers: DataDog/agent-payload, proto/metrics/agent_payload.proto.
const { root } = protobuf.parse(`
  syntax = "proto3";
  message SketchPayload { repeated Sketch sketches = 1; }
  message Sketch { string metric = 1; string host = 2; repeated string tags = 4; repeated Dogsketch dogsketches = 7; }
  message Dogsketch {
    int64 ts = 1; int64 cnt = 2; double min = 3; double max = 4; double avg = 5; double sum = 6;
    repeated sint32 k = 7; repeated uint32 n = 8;
  }
`)
const SketchPayload = root.lookupType('SketchPayload')

interface Sketches {
  readonly sketches: readonly {
    readonly metric: string
    readonly tags: readonly string[]
    readonly dogsketches: readonly {
      readonly ts: number
      readonly cnt: number
      readonly sum: number
      readonly k: readonly number[]
      readonly n: readonly number[]
    }[]
  }[]
}

const tagMap = (tags: readonly string[] = []): Map<string, string> =>
  new Map(tags.map((tag) => [tag.slice(0, tag.indexOf(':')), tag.slice(tag.indexOf(':') + 1)]))

const takeDatadog: Vendor = ({ path, headers, body, codedBytes }, store) => {
  check(typeof headers['dd-api-key'] === 'string' && headers['dd-api-key'] !== '', 'no DD-API-KEY')
  if (path === '/api/v2/series') {
    check(codedBytes <= 500_000 && body.length <= 5_242_880, `${codedBytes} and ${body.length} bytes are too many`)
    const { series } = JSON.parse(body.toString()) as { series: readonly DatadogSeries[] }
    for (const { metric, type, points, tags = [] } of series) {
      check(metric.length <= 200 && /^[A-Za-z][\w.]*$/.test(metric), `not a metric: ${metric}`)
      check(type === 1 || type === 3, `not a type: ${type}`)
      for (const { timestamp, value } of points) {
        check(Number.isInteger(timestamp), `not a whole second: ${timestamp}`)
        check(Number.isFinite(value), `not a value: ${value}`)
        // A gauge is what it was last, a count all that was counted.
        const id = [metric, ...[...tags].sort(), ...(type === 1 ? [timestamp] : [])]
        store.set(JSON.stringify(id), { metric, tags: tagMap(tags), value })
      }
    }
    return 202
  }
  check(path === '/api/beta/sketches', `no such path: ${path}`)
  check(codedBytes <= 3_200_000 && body.length <= 62_914_560, `${codedBytes} and ${body.length} bytes are too many`)
  const payload = SketchPayload.toObject(SketchPayload.decode(body), { longs: Number, arrays: true, defaults: true })
  for (const { metric, tags, dogsketches } of (payload as Sketches).sketches) {
    for (const { cnt: count, sum, k, n } of dogsketches) {
      check(k.length === n.length && n.reduce((total, it) => total + it, 0) === count, 'bins do not add up to cnt')
      store.add({ metric, tags: tagMap(tags), count, sum, bins: k.map((key, i) => [key, n[i]!] as const) })
    }
  }
  return 202
}

type NewRelicValue = number | { readonly count: number; readonly sum: number }

interface NewRelicGroup {
  readonly common?: NewRelicCommon
  readonly metrics: readonly (NewRelicCommon & {
    readonly name: string
    readonly type?: 'count' | 'gauge' | 'summary'
    readonly value: NewRelicValue
  })[]
}

interface NewRelicCommon {
  readonly timestamp?: number
  readonly 'interval.ms'?: number
  readonly attributes?: Readonly<Record<string, string | number | boolean>>
}

const takeNewRelic: Vendor = ({ path, headers, body, codedBytes }, store) => {
  check(path === '/metric/v1', `no such path: ${path}`)
  check(typeof headers['api-key'] === 'string' && headers['api-key'] !== '', 'no Api-Key')
  check(codedBytes <= 1_000_000, `${codedBytes} bytes are too many`)
  for (const { common = {}, metrics } of JSON.parse(body.toString()) as readonly NewRelicGroup[]) {
    for (const { name: metric, type = 'gauge', value, ...own } of metrics) {
      const { timestamp, 'interval.ms': intervalMs } = { ...common, ...own }
      // A gauge without a time is of the moment it comes in.
      check(Number.isInteger(timestamp ?? (type === 'gauge' ? 0 : undefined)), `not a time: ${timestamp}`)
      const attributes = { ...common.attributes, ...own.attributes }
      const tags = new Map(Object.entries(attributes).map(([name, text]) => [name, String(text)]))
      if (type === 'gauge') store.set(JSON.stringify([metric, ...tags]), { metric, tags, value: value as number })
      else {
        check(Number.isInteger(intervalMs) && intervalMs! > 0, `not an interval: ${intervalMs}`)
        store.add(typeof value === 'number' ? { metric, tags, value } : { metric, tags, ...value })
      }
    }
  }
  return 202
}

interface HttpBody {
  readonly series: readonly {
    readonly name: string
    readonly attributes: Readonly<Record<string, string>>
    readonly value?: number
    readonly count?: number
    readonly sum?: number
  }[]
}

const takeHttp: Vendor = ({ body }, store) => {
  for (const { name, attributes, ...total } of (JSON.parse(body.toString()) as HttpBody).series) {
    const tags = new Map(Object.entries(attributes))
    const numbers = Object.entries(total).filter(([, value]) => typeof value === 'number')
    store.set(
      JSON.stringify([
        name,
        ...Object.keys(attributes)
          .sort()
          .map((key) => [key, attributes[key]]),
      ]),
      { metric: name, tags, ...Object.fromEntries(numbers) },
    )
  }
  return 204
}

import { roundExact } from '../../../src/protocol/exact-sum.ts'
import { decodeEnvelope } from '../../../src/protocol/decode.ts'
import { countOf, mergeHistogram } from '../../../src/protocol/histogram.ts'
import { mergeExact } from '../../../src/protocol/exact-sum.ts'
import type { ExactSum, Histogram } from '../../../src/protocol/types.ts'
import { createHistogram } from '../../../src/protocol/histogram.ts'
import type { EdgeFetch } from '../../../src/edge/options.ts'

/** Nothing was counted. */
export interface OtherAnswer {
  readonly status: number
  readonly retryAfter?: string
  /** Of the problem document. Default: one that goes with the status. */
  readonly reason?: string
  /** Default: false. */
  readonly isOfStranger?: boolean
}

/** What happens to one request. `lost`: it is counted, and the answer does not come. `twice`: delivered twice. */
export type Fate = 'ok' | 'down' | 'lost' | 'twice' | 'never' | OtherAnswer

const reasons: Readonly<Record<number, string>> = {
  400: 'bad_json',
  403: 'origin_not_allowed',
  413: 'body_too_large',
  415: 'unsupported_encoding',
  422: 'bad_batch',
  503: 'unavailable',
}

export interface ModelServer {
  readonly fetch: EdgeFetch
  /** The fates of the next requests; afterwards all is `ok`. */
  readonly fates: Fate[]
  readonly bodies: string[]
  /** The header `pharos-settings` of what is acknowledged from now on. */
  settings: string | undefined
  /** What each request was, besides its body. */
  readonly requests: { readonly url: string; readonly init: Parameters<EdgeFetch>[1] }[]
  /** Refuses a body for good; a status, or undefined where it is fine. */
  refuse: (body: string) => number | undefined
  /** Name and attributes to what the deduped batches add up to: a sum, or count and sum. */
  readonly totals: () => Record<string, number | readonly [count: number, sum: number]>
}

/** An edge that adds a batch once per identity, as docs/PROTOCOL.md has it. */
export function createModelServer(): ModelServer {
  const seen = new Map<string, string>()
  const sums = new Map<string, ExactSum>()
  const histograms = new Map<string, Histogram>()

  const receive = (body: string): void => {
    const decoded = decodeEnvelope(JSON.parse(body))
    if (!decoded.ok) throw new Error(`BUG: ${decoded.error}`)
    for (const batch of decoded.value) {
      if (batch.dropped.length) throw new Error(`BUG: ${batch.dropped.join()}`)
      const id = `${batch.session} ${batch.sequence}`
      const content = JSON.stringify([batch.counters, batch.histograms.map(({ name, value }) => [name, value.sum])])
      const before = seen.get(id)
      if (before !== undefined && before !== content) throw new Error(`BUG: two batches are ${id}`)
      if (before !== undefined) continue
      seen.set(id, content)
      for (const { name, attributes, value } of batch.counters) {
        const key = name + JSON.stringify(attributes)
        mergeExact(sums.get(key) ?? sums.set(key, []).get(key)!, value)
      }
      for (const { name, attributes, value } of batch.histograms) {
        const key = name + JSON.stringify(attributes)
        mergeHistogram(histograms.get(key) ?? histograms.set(key, createHistogram()).get(key)!, value)
      }
    }
  }

  const answer = ({ status, retryAfter, reason = reasons[status], isOfStranger }: OtherAnswer): Response =>
    new Response(status >= 400 ? JSON.stringify({ status, reason }) : null, {
      status,
      headers: {
        ...(!isOfStranger && { pharos: '1' }),
        ...(retryAfter && { 'retry-after': retryAfter }),
        // Also where it does not count.
        ...(server.settings && { 'pharos-settings': server.settings }),
      },
    })

  const server: ModelServer = {
    fates: [],
    bodies: [],
    settings: undefined,
    requests: [],
    refuse: () => undefined,
    fetch: async (url, init) => {
      const { body } = init
      server.requests.push({ url, init })
      server.bodies.push(body)
      const fate = server.fates.shift() ?? 'ok'
      await Promise.resolve()
      if (fate === 'down') throw new TypeError('down')
      if (fate === 'never') return new Promise(() => {})
      if (typeof fate === 'object') return answer(fate)
      const refused = server.refuse(body)
      if (refused) return answer({ status: refused })
      receive(body)
      if (fate === 'twice') receive(body)
      if (fate === 'lost') throw new TypeError('lost')
      return answer({ status: 204 })
    },
    totals: () =>
      Object.fromEntries([
        ...[...sums].map(([key, sum]) => [key, roundExact(sum)] as const),
        ...[...histograms].map(([key, one]) => [key, [countOf(one), roundExact(one.sum)]] as const),
      ]),
  }
  return server
}

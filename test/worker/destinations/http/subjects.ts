import type { HttpConfig } from '../../../../worker/destinations/http/config.ts'
import { createHttpExporter } from '../../../../worker/destinations/http/exporter.ts'
import { DEFAULT_SERIES_TEMPLATE, DEFAULT_TEMPLATE } from '../../../../worker/destinations/http/template.ts'
import { DEFAULT_RETRY_STATUSES } from '../../../../worker/destinations/shared/retry-statuses.ts'
import type { ContractSubject } from '../../../contract/exporter-contract.ts'
import { testDestinationBase } from '../../../contract/snapshots.ts'
import { countAndSum, decodeRow, type ReadRow } from '../archive/archive-reader.ts'

export const testHttp = (changes: Partial<HttpConfig> = {}): HttpConfig => ({
  ...testDestinationBase,
  kind: 'http',
  method: 'POST',
  temporality: 'cumulative',
  template: DEFAULT_TEMPLATE,
  seriesTemplate: DEFAULT_SERIES_TEMPLATE,
  retryStatuses: DEFAULT_RETRY_STATUSES,
  ...changes,
})

export const parse = (body: Uint8Array): unknown => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))

const common = {
  create: createHttpExporter,
  counterName: (name: string) => name,
  histogramOf: countAndSum,
  // 1,000,000 bytes of series; the rest is the template around them.
  maxBytes: 1_000_200,
} as const

const http = (title: string, changes: Partial<HttpConfig>): ContractSubject<HttpConfig> => {
  const destination = testHttp(changes)
  return {
    ...common,
    title: `http, ${title}`,
    destination,
    decode: ({ body }) => {
      const sent = parse(body) as { temporality: string; series: ReadRow[] }
      if (sent.temporality !== destination.temporality) throw new Error(`says it is ${sent.temporality}`)
      return sent.series.map(decodeRow)
    },
    // A receiver of deltas takes an `idempotency-key` once.
    receiver: destination.temporality === 'delta' ? 'adds-once' : 'shows',
    deviations: destination.temporality === 'delta' ? {} : { zeros: 'every row says when its total began' },
  }
}

interface Compact {
  readonly n: string
  readonly a: Readonly<Record<string, string>>
  readonly s: string
  readonly r: string
  readonly v: number | null
  readonly c: number
  readonly t: number
  readonly e: boolean
}

const ownTemplate: ContractSubject<HttpConfig> = {
  ...common,
  title: 'http, a template of its own',
  destination: testHttp({
    template: { at: '{{timeMs}}', metrics: ['{{series}}'] },
    seriesTemplate: {
      n: '{{name}}',
      a: '{{attributes}}',
      s: '{{service}}',
      r: '{{release}}',
      v: '{{value}}',
      c: '{{count}}',
      t: '{{sum}}',
      e: '{{ended}}',
    },
  }),
  decode: ({ body }) => {
    const { at, metrics } = parse(body) as { at: number; metrics: [Compact[]] }
    return metrics[0].map(({ n, a, s, r, v, c, t, e }) => ({
      name: n,
      labels: { ...a, ' service': s, ' release': r },
      timeMs: at,
      value: v ?? c,
      sum: t,
      ended: e,
    }))
  },
  receiver: 'shows',
  deviations: { zeros: 'the receiver shows the total itself' },
}

export const subjects: readonly ContractSubject<HttpConfig>[] = [
  http('cumulative', {}),
  http('delta', { temporality: 'delta' }),
  http('delta with PUT', { temporality: 'delta', method: 'PUT' }),
  ownTemplate,
]

import type { OtlpConfig } from '../../../../worker/destinations/otlp/config.ts'
import { createOtlpExporter } from '../../../../worker/destinations/otlp/exporter.ts'
import { decodeOtlp } from './decode-otlp.ts'
import { describeExporter } from '../../../contract/exporter-contract.ts'
import { testOtlp } from './otlp-config.ts'

const kinds: readonly (readonly [string, Partial<OtlpConfig>])[] = [
  ['protobuf, cumulative', {}],
  ['protobuf, delta', { temporality: 'delta' }],
  ['protobuf, explicit histograms', { histograms: 'explicit' }],
  ['JSON, cumulative', { encoding: 'json' }],
]

for (const [title, changes] of kinds)
  describeExporter({
    title: `OTLP, ${title}`,
    destination: testOtlp(changes),
    create: createOtlpExporter,
    decode: decodeOtlp,
    counterName: (name) => name,
    histogramOf: ([decoded]) => ({ count: Number(decoded?.value), sum: decoded?.sum ?? Number.NaN }),
  })

import type { OtlpConfig } from '../../../../worker/destinations/otlp/config.ts'
import { createOtlpExporter } from '../../../../worker/destinations/otlp/exporter.ts'
import type { ContractSubject } from '../../../contract/exporter-contract.ts'
import { decodeOtlp } from './decode-otlp.ts'
import { testOtlp } from './otlp-config.ts'

const otlp = (title: string, changes: Partial<OtlpConfig>): ContractSubject<OtlpConfig> => ({
  title: `OTLP, ${title}`,
  destination: testOtlp(changes),
  create: createOtlpExporter,
  decode: decodeOtlp,
  receiver: changes.temporality === 'delta' ? 'adds' : 'replaces',
  counterName: (name) => name,
  histogramOf: ([decoded]) => ({ count: Number(decoded?.value), sum: decoded?.sum ?? Number.NaN }),
  maxBytes: 1_048_576,
  deviations:
    changes.temporality === 'delta'
      ? {
          doubt:
            'the data model prefers a duplicate to a loss ("Duplicate Data"), and few receivers look for duplicates',
        }
      : {},
})

export const subjects: readonly ContractSubject<OtlpConfig>[] = [
  otlp('protobuf, cumulative', {}),
  otlp('protobuf, delta', { temporality: 'delta' }),
  otlp('protobuf, explicit histograms', { histograms: 'explicit' }),
  otlp('JSON, cumulative', { encoding: 'json' }),
]

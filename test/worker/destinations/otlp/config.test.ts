import { otlp } from '../../../../worker/destinations/otlp/index.ts'
import { describeKind } from '../../../support/describe-kind.ts'

const url = 'https://example.com/in'

describeKind({
  kind: 'otlp',
  becomes: [
    [{ url }, { url, ...otlp.defaults, temporality: 'cumulative' }],
    [
      {
        url,
        encoding: 'json',
        compression: 'none',
        temporality: 'delta',
        histograms: 'explicit',
        resourceAttributes: { 'deployment.environment': 'prod' },
      },
      {
        url,
        encoding: 'json',
        compression: 'none',
        temporality: 'delta',
        histograms: 'explicit',
        resourceAttributes: { 'deployment.environment': 'prod' },
      },
    ],
  ],
  mistakes: [
    [{}, 'url: add this key'],
    [{ url, encoding: 'grpc' }, 'encoding: give "protobuf" or "json"'],
    [{ url, compression: 'zstd' }, 'compression: give "gzip" or "none"'],
    [{ url, temporality: 'both' }, 'temporality: give "cumulative" or "delta"'],
    [{ url, histograms: 'classic' }, 'histograms: give "exponential" or "explicit"'],
    [{ url, resourceAttributes: { a: 1 } }, 'resourceAttributes.a: give the value as text'],
  ],
})

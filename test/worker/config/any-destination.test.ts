import { describe, expect, it } from 'vitest'
import { prometheusDefaults } from '../../../worker/destinations/prometheus/config.ts'
import { otlpDefaults } from '../../../worker/destinations/otlp/config.ts'
import { archiveDefaults } from '../../../worker/destinations/archive/config.ts'
import { destinationDefaults } from '../../../worker/schema/destination-defaults.ts'
import { DEFAULT_PATH } from '../../../worker/destinations/archive/path.ts'
import { DEFAULT_RETRY_STATUSES } from '../../../worker/destinations/shared/retry-statuses.ts'
import { DEFAULT_SERIES_TEMPLATE, DEFAULT_TEMPLATE } from '../../../worker/destinations/http/template.ts'
import { mistakesOf, readDestination } from './written.ts'

const url = 'https://example.com/in'

const plainKey = (header: string, secret: string): object => ({ credentials: [{ header, secret, scheme: 'plain' }] })

describe('each kind', () => {
  it.each([
    [
      { kind: 'prometheus', url },
      { url, ...prometheusDefaults },
    ],
    [
      { kind: 'prometheus', url, version: '2.0', histograms: 'both', names: 'utf8', tenant: 'team-a' },
      {
        url,
        version: '2.0',
        histograms: 'both',
        names: 'utf8',
        externalLabels: {},
        headers: { 'x-scope-orgid': 'team-a' },
      },
    ],
    [
      { kind: 'otlp', url },
      { url, ...otlpDefaults },
    ],
    [
      {
        kind: 'otlp',
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
    [
      { kind: 'datadog' },
      {
        url: 'https://api.datadoghq.com',
        namespace: '',
        tags: {},
        histograms: 'distribution',
        ...plainKey('dd-api-key', 'DD_API_KEY'),
      },
    ],
    [
      {
        kind: 'datadog',
        site: 'datadoghq.eu',
        apiKeySecret: 'DD_EU',
        namespace: 'web',
        tags: { env: 'prod' },
        histograms: 'counts',
      },
      {
        url: 'https://api.datadoghq.eu',
        namespace: 'web',
        tags: { env: 'prod' },
        histograms: 'counts',
        ...plainKey('dd-api-key', 'DD_EU'),
      },
    ],
    [
      { kind: 'datadog', url: 'http://127.0.0.1:8428/datadog/' },
      {
        url: 'http://127.0.0.1:8428/datadog',
        namespace: '',
        tags: {},
        histograms: 'distribution',
        ...plainKey('dd-api-key', 'DD_API_KEY'),
      },
    ],
    [
      { kind: 'newrelic' },
      {
        url: 'https://metric-api.newrelic.com',
        commonAttributes: {},
        inDoubt: 'drop',
        ...plainKey('api-key', 'NEW_RELIC_LICENSE_KEY'),
      },
    ],
    [
      { kind: 'newrelic', region: 'eu', inDoubt: 'resend', commonAttributes: { app: 'shop' } },
      {
        url: 'https://metric-api.eu.newrelic.com',
        commonAttributes: { app: 'shop' },
        inDoubt: 'resend',
        ...plainKey('api-key', 'NEW_RELIC_LICENSE_KEY'),
      },
    ],
    [
      { kind: 'pushgateway', url: 'http://pushgateway:9091/' },
      { url: 'http://pushgateway:9091', job: 'pharos', grouping: {}, externalLabels: {} },
    ],
    [
      { kind: 'pushgateway', url, job: 'shop/1', grouping: { instance: 'a/b' }, externalLabels: { region: 'eu' } },
      { url, job: 'shop/1', grouping: { instance: 'a/b' }, externalLabels: { region: 'eu' } },
    ],
    [
      { kind: 'http', url },
      {
        url,
        method: 'POST',
        temporality: 'cumulative',
        template: DEFAULT_TEMPLATE,
        seriesTemplate: DEFAULT_SERIES_TEMPLATE,
        retryStatuses: DEFAULT_RETRY_STATUSES,
      },
    ],
    [
      {
        kind: 'http',
        url,
        method: 'PUT',
        headers: { 'content-type': 'application/x-ndjson' },
        template: ['{{series}}'],
        seriesTemplate: { n: '{{name}}' },
        retryStatuses: [503],
      },
      {
        url,
        method: 'PUT',
        temporality: 'cumulative',
        headers: { 'content-type': 'application/x-ndjson' },
        template: ['{{series}}'],
        seriesTemplate: { n: '{{name}}' },
        retryStatuses: [503],
      },
    ],
    [
      { kind: 'archive', bucket: 'ARCHIVE' },
      { url: 'r2://ARCHIVE', path: DEFAULT_PATH, ...archiveDefaults },
    ],
    [
      {
        kind: 'archive',
        bucket: 'A',
        format: 'csv',
        compression: 'none',
        path: '{time}-{part}.csv',
        rotateBytes: 1_024,
        intervalMs: 0,
      },
      {
        url: 'r2://A',
        format: 'csv',
        compression: 'none',
        path: '{time}-{part}.csv',
        maxSeriesPerRequest: archiveDefaults.maxSeriesPerRequest,
        rotateBytes: 1_024,
        intervalMs: 0,
      },
    ],
    [{ kind: 'console' }, { url: 'console:', temporality: 'cumulative' }],
    [
      { kind: 'memory', temporality: 'delta' },
      { url: 'memory:it', temporality: 'delta' },
    ],
  ])('%j becomes what the exporter uses', (written, becomes) => {
    expect(readDestination({ name: 'it', ...written })).toEqual({
      ...destinationDefaults,
      name: 'it',
      kind: written.kind,
      ...becomes,
    })
  })

  it.each([
    [{ kind: 'prometheus', url, version: 2 }, 'version: give "1.0" or "2.0"'],
    [{ kind: 'prometheus', url, histograms: 'exponential' }, 'histograms: give "classic", "native" or "both"'],
    [{ kind: 'prometheus', url, names: 'utf-8' }, 'names: give "legacy" or "utf8"'],
    [{ kind: 'prometheus', url, externalLabels: { __a: 'x' } }, 'externalLabels.__a: is not a label name'],
    [{ kind: 'prometheus', url, externalLabels: { a: '' } }, 'externalLabels.a: give the value as text'],
    [{ kind: 'prometheus', url, tenant: 'a\nb' }, 'tenant: give the tenant as text'],
    [
      { kind: 'prometheus', url, tenant: 'a', headers: { 'X-Scope-OrgID': 'b' } },
      'headers.X-Scope-OrgID: remove this header: tenant sets it',
    ],
    [{ kind: 'prometheus', url, temporality: 'delta' }, 'temporality: remove this key'],
    [{ kind: 'otlp' }, 'url: add this key'],
    [{ kind: 'otlp', url, encoding: 'grpc' }, 'encoding: give "protobuf" or "json"'],
    [{ kind: 'otlp', url, compression: 'zstd' }, 'compression: give "gzip" or "none"'],
    [{ kind: 'otlp', url, temporality: 'both' }, 'temporality: give "cumulative" or "delta"'],
    [{ kind: 'otlp', url, histograms: 'classic' }, 'histograms: give "exponential" or "explicit"'],
    [{ kind: 'otlp', url, resourceAttributes: { a: 1 } }, 'resourceAttributes.a: give the value as text'],
    [{ kind: 'datadog', site: 'example.com' }, 'site: give "datadoghq.com", '],
    [{ kind: 'datadog', site: 'datadoghq.eu', url }, 'site: give site or url, not both'],
    [{ kind: 'datadog', url: `${url}?x=y` }, 'url: give only the beginning of the address'],
    [
      { kind: 'datadog', apiKeySecret: '0123456789abcdef0123456789abcdef' },
      'apiKeySecret: give the name of the secret',
    ],
    [
      { kind: 'datadog', headerSecrets: { 'DD-API-KEY': 'K' } },
      'headerSecrets.DD-API-KEY: remove this header: apiKeySecret sets it',
    ],
    [{ kind: 'datadog', namespace: '1a' }, 'namespace: give a name'],
    [{ kind: 'datadog', tags: { '1a': 'x' } }, 'tags.1a: is not the name of a tag'],
    [{ kind: 'newrelic', region: 'asia' }, 'region: give "us" or "eu"'],
    [{ kind: 'newrelic', region: 'eu', url }, 'region: give region or url, not both'],
    [{ kind: 'newrelic', inDoubt: 'maybe' }, 'inDoubt: give "resend" or "drop"'],
    [{ kind: 'pushgateway', url, job: '' }, 'job: give the job as text'],
    [{ kind: 'pushgateway', url, grouping: { job: 'x' } }, 'grouping.job: remove this label'],
    [{ kind: 'http', url, method: 'GET' }, 'method: give "POST" or "PUT"'],
    [{ kind: 'http', url, template: { a: 'b' } }, 'template: '],
    [{ kind: 'http', url, template: ['{{series}}', '{{hunter2}}'] }, 'template: knows {{series}} '],
    [{ kind: 'http', url, seriesTemplate: '{{series}}' }, 'seriesTemplate: knows '],
    [{ kind: 'http', url, retryStatuses: [200] }, 'retryStatuses[0]: give a whole number from 300'],
    [{ kind: 'archive' }, 'bucket: add this key'],
    [{ kind: 'archive', bucket: 'my-bucket' }, 'bucket: give the name under which the R2 bucket is bound'],
    [{ kind: 'archive', bucket: 'A', path: '{hunter2}-{time}-{part}' }, 'path: knows {yyyy} '],
    [{ kind: 'archive', bucket: 'A', path: '{part}' }, 'path: give it a {time}'],
    [{ kind: 'archive', bucket: 'A', rotateBytes: 1 }, 'rotateBytes: give a whole number from 1024'],
    [{ kind: 'console', url: 'console:' }, 'url: remove this key'],
    [{ kind: 'memory', temporality: 'x' }, 'temporality: give "cumulative" or "delta"'],
  ])('%j says what to do', (written, problem) => {
    const found = mistakesOf({ name: 'it', ...written })
    expect(found).toEqual([expect.stringContaining(`PHAROS.destinations[0].${problem}`)])
    expect(found.join()).not.toContain('hunter2')
  })

  it.each([
    [{ kind: 'prometheus', url }, 0],
    [{ kind: 'pushgateway', url }, 0],
    [{ kind: 'otlp', url }, 0],
    [{ kind: 'otlp', url, temporality: 'delta' }, 1],
    [{ kind: 'http', url, temporality: 'delta' }, 1],
    [{ kind: 'console', temporality: 'delta' }, 1],
    [{ kind: 'memory' }, 0],
    [{ kind: 'datadog' }, 1],
    [{ kind: 'newrelic' }, 1],
    [{ kind: 'archive', bucket: 'A' }, 1],
  ])('%j makes a gauge of a counter only where it gets totals', (written, mistakes) => {
    const mapping = [
      { match: 'a', type: 'counter' },
      { match: 'b', type: 'gauge' },
    ]
    const problem = 'PHAROS.destinations[0].mapping[1].type: give "counter", or leave it out'
    expect(mistakesOf({ name: 'it', ...written, mapping })).toEqual(
      Array.from({ length: mistakes }, () => expect.stringContaining(problem) as string),
    )
  })
})

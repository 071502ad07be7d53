import { describeKind } from '../../../support/describe-kind.ts'

const url = 'https://example.com/in'

const plainKey = (header: string, secret: string): object => ({ credentials: [{ header, secret, scheme: 'plain' }] })

describeKind({
  kind: 'datadog',
  becomes: [
    [
      {},
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
      { url: 'http://127.0.0.1:8428/datadog/' },
      {
        url: 'http://127.0.0.1:8428/datadog',
        namespace: '',
        tags: {},
        histograms: 'distribution',
        ...plainKey('dd-api-key', 'DD_API_KEY'),
      },
    ],
  ],
  mistakes: [
    [{ site: 'example.com' }, 'site: give "datadoghq.com", '],
    [{ site: 'datadoghq.eu', url }, 'site: give site or url, not both'],
    [{ url: `${url}?x=y` }, 'url: give only the beginning of the address'],
    [{ apiKeySecret: '0123456789abcdef0123456789abcdef' }, 'apiKeySecret: give the name of the secret'],
    [{ headerSecrets: { 'DD-API-KEY': 'K' } }, 'headerSecrets.DD-API-KEY: remove this header: apiKeySecret sets it'],
    [{ namespace: '1a' }, 'namespace: give a name'],
    [{ tags: { '1a': 'x' } }, 'tags.1a: is not the name of a tag'],
  ],
})

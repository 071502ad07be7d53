import { describeKind } from '../../../support/describe-kind.ts'

const url = 'https://example.com/in'

const plainKey = (header: string, secret: string): object => ({ credentials: [{ header, secret, scheme: 'plain' }] })

describeKind({
  kind: 'newrelic',
  becomes: [
    [
      {},
      {
        url: 'https://metric-api.newrelic.com',
        commonAttributes: {},
        inDoubt: 'drop',
        ...plainKey('api-key', 'NEW_RELIC_LICENSE_KEY'),
      },
    ],
    [
      { region: 'eu', inDoubt: 'resend', commonAttributes: { app: 'shop' } },
      {
        url: 'https://metric-api.eu.newrelic.com',
        commonAttributes: { app: 'shop' },
        inDoubt: 'resend',
        ...plainKey('api-key', 'NEW_RELIC_LICENSE_KEY'),
      },
    ],
  ],
  mistakes: [
    [{ region: 'asia' }, 'region: give "us" or "eu"'],
    [{ region: 'eu', url }, 'region: give region or url, not both'],
    [{ inDoubt: 'maybe' }, 'inDoubt: give "resend" or "drop"'],
  ],
})

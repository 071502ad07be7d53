import { prometheus } from '../../../../worker/destinations/prometheus/index.ts'
import { describeKind } from '../../../support/describe-kind.ts'

const url = 'https://example.com/in'

describeKind({
  kind: 'prometheus',
  becomes: [
    [{ url }, { url, ...prometheus.defaults }],
    [
      { url, version: '2.0', histograms: 'both', names: 'utf8', tenant: 'team-a' },
      {
        url,
        version: '2.0',
        histograms: 'both',
        names: 'utf8',
        externalLabels: {},
        headers: { 'x-scope-orgid': 'team-a' },
      },
    ],
  ],
  mistakes: [
    [{ url, version: 2 }, 'version: give "1.0" or "2.0"'],
    [{ url, histograms: 'exponential' }, 'histograms: give "classic", "native" or "both"'],
    [{ url, names: 'utf-8' }, 'names: give "legacy" or "utf8"'],
    [{ url, externalLabels: { __a: 'x' } }, 'externalLabels.__a: is not a label name'],
    [{ url, externalLabels: { a: '' } }, 'externalLabels.a: give the value as text'],
    [{ url, tenant: 'a\nb' }, 'tenant: give the tenant as text'],
    [
      { url, tenant: 'a', headers: { 'X-Scope-OrgID': 'b' } },
      'headers.X-Scope-OrgID: remove this header: tenant sets it',
    ],
    [{ url, temporality: 'delta' }, 'temporality: remove this key'],
  ],
})

import { describeKind } from '../../../support/describe-kind.ts'

const url = 'https://example.com/in'

describeKind({
  kind: 'pushgateway',
  becomes: [
    [
      { url: 'http://pushgateway:9091/' },
      { url: 'http://pushgateway:9091', job: 'pharos', grouping: {}, externalLabels: {} },
    ],
    [
      { url, job: 'shop/1', grouping: { instance: 'a/b' }, externalLabels: { region: 'eu' } },
      { url, job: 'shop/1', grouping: { instance: 'a/b' }, externalLabels: { region: 'eu' } },
    ],
  ],
  mistakes: [
    [{ url, job: '' }, 'job: give the job as text'],
    [{ url, grouping: { job: 'x' } }, 'grouping.job: remove this label'],
  ],
})

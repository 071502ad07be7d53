import { describeKind } from '../../../support/describe-kind.ts'
import { DEFAULT_RETRY_STATUSES } from '../../../../worker/destinations/shared/retry-statuses.ts'
import { DEFAULT_SERIES_TEMPLATE, DEFAULT_TEMPLATE } from '../../../../worker/destinations/http/template.ts'

const url = 'https://example.com/in'

describeKind({
  kind: 'http',
  becomes: [
    [
      { url },
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
  ],
  mistakes: [
    [{ url, method: 'GET' }, 'method: give "POST" or "PUT"'],
    [{ url, template: { a: 'b' } }, 'template: '],
    [{ url, template: ['{{series}}', '{{hunter2}}'] }, 'template: knows {{series}} '],
    [{ url, seriesTemplate: '{{series}}' }, 'seriesTemplate: knows '],
    [{ url, retryStatuses: [200] }, 'retryStatuses[0]: give a whole number from 300'],
  ],
})

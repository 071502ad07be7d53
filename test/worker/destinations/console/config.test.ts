import { describeKind } from '../../../support/describe-kind.ts'

describeKind({
  kind: 'console',
  becomes: [[{}, { url: 'console:', temporality: 'cumulative' }]],
  mistakes: [[{ url: 'console:' }, 'url: remove this key']],
})

import { describeKind } from '../../../support/describe-kind.ts'

describeKind({
  kind: 'memory',
  becomes: [[{ temporality: 'delta' }, { url: 'memory:it', temporality: 'delta' }]],
  mistakes: [[{ temporality: 'x' }, 'temporality: give "cumulative" or "delta"']],
})

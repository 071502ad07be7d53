import { archive } from '../../../../worker/destinations/archive/index.ts'
import { describeKind } from '../../../support/describe-kind.ts'

describeKind({
  kind: 'archive',
  becomes: [
    [{ bucket: 'ARCHIVE' }, { url: 'r2://ARCHIVE', ...archive.defaults }],
    [
      {
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
        maxSeriesPerRequest: 100_000,
        rotateBytes: 1_024,
        intervalMs: 0,
      },
    ],
  ],
  mistakes: [
    [{}, 'bucket: add this key'],
    [{ bucket: 'my-bucket' }, 'bucket: give the name under which the R2 bucket is bound'],
    [{ bucket: 'A', path: '{hunter2}-{time}-{part}' }, 'path: knows {yyyy} '],
    [{ bucket: 'A', path: '{part}' }, 'path: give it a {time}'],
    [{ bucket: 'A', rotateBytes: 1 }, 'rotateBytes: give a whole number from 1024'],
  ],
})

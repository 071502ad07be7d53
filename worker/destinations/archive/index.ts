import * as v from 'valibot'
import type { DestinationDefinition } from '../../model/destination-definition.ts'
import { advised, matching, oneOf, wholeNumber } from '../../schema/fields.ts'
import { defineDestination } from '../define-destination.ts'
import type { ArchiveConfig } from './config.ts'
import { createArchiveExporter } from './exporter.ts'
import { DEFAULT_PATH, pathIssues } from './path.ts'

const bindingName = matching(
  /^[A-Za-z_][A-Za-z0-9_]{0,63}$/,
  'give the name under which the R2 bucket is bound ("binding" of "r2_buckets" in the wrangler configuration)',
)

/** Files in an R2 bucket. */
export const archive: DestinationDefinition<ArchiveConfig> = defineDestination({
  kind: 'archive',
  address: 'none',
  addressFrom: { schema: { bucket: bindingName }, url: ({ bucket }) => `r2://${bucket}` },
  temporality: 'delta',
  schema: {
    format: oneOf(['jsonl', 'csv']),
    compression: oneOf(['gzip', 'none']),
    path: v.pipe(v.string('give the path as text'), advised(pathIssues)),
    rotateBytes: wholeNumber(1_024, 64 * 1_048_576),
  },
  defaults: {
    format: 'jsonl',
    compression: 'gzip',
    path: DEFAULT_PATH,
    rotateBytes: 16 * 1_048_576,
    intervalMs: 300_000,
    // A file ends by its bytes; few files are easier to read than many.
    maxSeriesPerRequest: 100_000,
  },
  createExporter: createArchiveExporter,
  docs: {
    protocol: 'files in R2: JSON lines or CSV',
    ifLost: 'exact',
    inDoubt: 'sent again: the same file',
    ends: '-',
    example: { bucket: 'ARCHIVE' },
  },
})

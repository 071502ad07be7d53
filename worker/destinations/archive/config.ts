// Pure: no I/O, no clock, no randomness.
import * as v from 'valibot'
import { DEFAULT_PATH, pathMistakes } from './path.ts'
import { archiveDefaults } from '../../config/default-config.ts'
import { destinationSchema } from '../../schema/destination.ts'
import { matching, oneOf, wholeNumber } from '../../schema/fields.ts'
import type { ArchiveConfig } from '../../config/destination-types.ts'

const bindingName = matching(
  /^[A-Za-z_][A-Za-z0-9_]{0,63}$/,
  'give the name under which the R2 bucket is bound ("binding" of "r2_buckets" in the wrangler configuration)',
)

/** Files in an R2 bucket. */
export const archiveSchema: v.GenericSchema<unknown, ArchiveConfig> = v.pipe(
  destinationSchema('archive', {
    place: 'local',
    intervalMs: archiveDefaults.intervalMs,
    maxSeriesPerRequest: archiveDefaults.maxSeriesPerRequest,
    entries: {
      bucket: bindingName,
      format: v.optional(oneOf(['jsonl', 'csv']), archiveDefaults.format),
      compression: v.optional(oneOf(['gzip', 'none']), archiveDefaults.compression),
      path: v.optional(v.string('give the path as text'), DEFAULT_PATH),
      rotateBytes: v.optional(wholeNumber(1_024, 64 * 1_048_576), archiveDefaults.rotateBytes),
    },
    isDelta: () => true,
    mistakes: ({ path }) =>
      typeof path === 'string' ? pathMistakes(path).map((advice) => ({ path: ['path'], advice })) : [],
  }),
  v.transform(({ bucket, ...rest }) => ({ ...rest, url: `r2://${bucket}` })),
)

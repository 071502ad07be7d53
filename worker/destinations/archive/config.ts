import * as v from 'valibot'
import { DEFAULT_PATH, pathMistakes } from './path.ts'
import { destinationSchema } from '../../schema/destination.ts'
import { matching, oneOf, wholeNumber } from '../../schema/fields.ts'
import type { DestinationSettings } from '../../model/destination-settings.ts'

export interface ArchiveConfig extends DestinationSettings {
  /** `url` is `r2://BINDING`. */
  readonly kind: 'archive'
  readonly format: 'jsonl' | 'csv'
  readonly compression: 'gzip' | 'none'
  /** Template of the file's name. */
  readonly path: string
  /** Bytes after which a file is closed before its time. No file holds more. */
  readonly rotateBytes: number
}

export const archiveDefaults: Pick<
  ArchiveConfig,
  'format' | 'compression' | 'intervalMs' | 'maxSeriesPerRequest' | 'rotateBytes'
> = {
  format: 'jsonl',
  compression: 'gzip',
  intervalMs: 300_000,
  // A file ends by its bytes; few files are easier to read than many.
  maxSeriesPerRequest: 100_000,
  rotateBytes: 16 * 1_048_576,
}

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

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

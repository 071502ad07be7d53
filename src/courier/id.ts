import { keyOf } from '../core/entry.ts'
import type { Entry } from '../core/types.ts'

/** Tells whether two copies are of one batch. */
export const idOf = (entry: Pick<Entry, 'sealedMs' | 'session' | 'sequence'>): string => String(keyOf(entry))

import type { Parts } from '../core/types.ts'
import { loadPart } from './load-part.ts'
import { parts } from './parts.ts'

/** The lazy parts as files of their own. */
export const lazy: Parts = {
  courier: (url) => loadPart(parts.courier, url),
  compactor: (url) => loadPart(parts.compactor, url),
}

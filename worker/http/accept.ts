// Pure: no I/O, no clock, no randomness.
import type { ExpositionFormat } from '../export/exposition.ts'

/** The exposition a scraper likes best (RFC 9110, 12.5.1). Text where it says nothing, or likes both as much. */
export function expositionFormat(accept: string | null): ExpositionFormat {
  const openmetrics = quality(accept, 'application/openmetrics-text')
  const text = Math.max(quality(accept, 'text/plain'), quality(accept, 'text/*'), quality(accept, '*/*'))
  return openmetrics > text ? 'openmetrics' : 'text'
}

function quality(accept: string | null, type: string): number {
  for (const range of accept?.split(',') ?? []) {
    const [name, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    if (name !== type) continue
    const q = parameters.find((parameter) => parameter.startsWith('q='))
    return q ? Number(q.slice(2)) || 0 : 1
  }
  return 0
}

import type { ExpositionFormat } from '../../destinations/prometheus/exposition.ts'

/** The exposition a scraper likes best (RFC 9110, 12.5.1). Text where it says nothing, or likes both as much. */
export function expositionFormat(accept: string | null): ExpositionFormat {
  const quality = (type: string): number => qualityOf(accept, type) ?? 0
  const openmetrics = quality('application/openmetrics-text')
  const text = Math.max(quality('text/plain'), quality('text/*'), quality('*/*'))
  return openmetrics > text ? 'openmetrics' : 'text'
}

/** Whether a client takes brotli, and likes it no less than the plain bytes (RFC 9110, 12.5.3). One that says nothing gets plain bytes. */
export function prefersBrotli(acceptEncoding: string | null): boolean {
  const brotli = qualityOf(acceptEncoding, 'br') ?? qualityOf(acceptEncoding, '*') ?? 0
  return brotli > 0 && brotli >= (qualityOf(acceptEncoding, 'identity') ?? 0)
}

/** From 0 for never to 1; undefined for a range that the header does not have. */
function qualityOf(header: string | null, range: string): number | undefined {
  for (const part of header?.split(',') ?? []) {
    const [name, ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
    if (name !== range) continue
    const q = parameters.find((parameter) => parameter.startsWith('q='))
    return q ? Number(q.slice(2)) || 0 : 1
  }
  return undefined
}

import { randomBytes } from 'node:crypto'
import type { CounterPoint, HistogramPoint } from '../../src/protocol/types.ts'
import { encodeEnvelope } from '../../src/protocol/envelope.ts'

/** Stands for the session in the template; as long as one, and nowhere else in a body. */
const PLACEHOLDER = '________________'
const BATCHES_PER_SESSION = 10

export interface Body {
  /** The body, in place. */
  readonly bytes: Buffer
  /** Gives it sessions that no body had before. */
  readonly renew: () => void
}

const PAGES = ['/', '/cart', '/basket', '/search', '/product', '/account', '/help', '/about']

/** A beacon as a page sends it: about 350 bytes with one batch; with many, ten batches of a session and many sessions. */
export function createBody(batches: number, connection: number): Body {
  const page = PAGES[connection % PAGES.length]!
  const counters: readonly CounterPoint[] = [
    ['checkout.clicks', 1, { page }],
    ['cart.items', 3, { page }],
  ]
  const histograms: readonly HistogramPoint[] = [
    ['search.duration', 0.1234, { cached: 'true' }],
    ['web_vitals.lcp', 1.2345, { page }],
    ['web_vitals.fcp', 0.8765, { page }],
  ]
  const sealedMs = Date.now()
  const sessions = Math.ceil(batches / BATCHES_PER_SESSION)
  // While the template is made, a digit or two keeps the sessions apart.
  const sealed = Array.from({ length: batches }, (_, i) => {
    const sequence = 1 + Math.floor(i / sessions)
    const session = PLACEHOLDER + String(i % sessions)
    const text = JSON.stringify([sequence, sealedMs, counters, histograms])
    return { session, resource: { service: 'shop', release: '1.4.2' }, text }
  })
  const text = encodeEnvelope(sealed, sealedMs + 100).replaceAll(/(_{16})\d+/g, '$1')
  const bytes = Buffer.from(text)
  const places = [...text.matchAll(new RegExp(PLACEHOLDER, 'g'))].map(({ index }) => index)
  const prefix = randomBytes(6).toString('base64url')
  let next = 0
  const renew = (): void => {
    for (const place of places) bytes.write(prefix + (next++).toString(36).padStart(8, '0'), place, 'latin1')
  }
  renew()
  return { bytes, renew }
}

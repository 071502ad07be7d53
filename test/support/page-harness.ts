/** Bundled into a page: a page without the verbs, so that a test can give it batches and sessions of its own. */
import { now } from '../../src/core/clock.ts'
import { createEntry } from '../../src/core/entry.ts'
import { hold, save } from '../../src/core/hold.ts'
import { begin } from '../../src/core/life.ts'
import { leave } from '../../src/core/leave.ts'
import { createCourier } from '../../src/courier/courier.ts'
import type { FlushResult, Page } from '../../src/core/types.ts'
import { testPage } from './test-page.ts'

export interface PageHarness {
  readonly page: Page
  /** Holds one batch a sequence number, as if it were just sealed. */
  readonly add: (...sequences: number[]) => void
  readonly begin: () => void
  readonly leave: () => void
  readonly flush: () => Promise<FlushResult>
}

export interface PageHarnessOptions {
  readonly url: string
  readonly session: string
  readonly intervalMs: number
}

export const createPageHarness = ({ url, session, intervalMs }: PageHarnessOptions): PageHarness => {
  const page = testPage({
    url,
    session,
    intervalMs,
    resource: { service: 'shop' },
    loadCourier: async () => (page.courier ??= createCourier(page)),
  })
  return {
    page,
    add: (...sequences) => {
      const seal = (sequence: number) => {
        const sealedMs = now()
        const text = JSON.stringify([sequence, sealedMs, [['a', 1]], []])
        return createEntry({ session, resource: {}, sequence, sealedMs, records: 1, drops: {}, text })
      }
      hold(page, sequences.map(seal))
      void save(page)
    },
    begin: () => begin(page),
    leave: () => leave(page),
    flush: async () => (await page.loadCourier()).flush(),
  }
}

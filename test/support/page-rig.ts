import type { Page } from 'playwright-core'
import { startFaultProxy } from './fault-proxy.ts'
import type { FaultProxy, RecordedRequest } from './fault-proxy.ts'
import { readMetrics } from './metrics-page.ts'
import { parseSeries, seriesText } from './page-expected.ts'
import type { Totals } from './page-expected.ts'
import type { PageRecord } from './page-plan.ts'
import { startPageServer } from './page-server.ts'
import type { PageServer } from './page-server.ts'
import { startWorkerd } from './workerd.ts'
import type { RunningWorkerd } from './workerd.ts'

/** The whole way from a page to the totals: a site, and the worker behind a network that can be broken. */
export interface PageRig {
  readonly site: PageServer
  readonly proxy: FaultProxy
  readonly workerd: RunningWorkerd
  /** HTML of a page with the script tag. */
  readonly html: (options?: PageHtml) => string
  /** The beacons that came so far, preflights included. */
  readonly beacons: () => readonly RecordedRequest[]
  /** All totals at the edge, labels sorted. */
  readonly totals: () => Promise<Totals>
  readonly close: () => Promise<void>
}

export interface PageHtml {
  /** `data-` attributes of the script tag. */
  readonly data?: Readonly<Record<string, string>>
  /** Runs before the script tag. */
  readonly before?: string
  /** HTML after it. */
  readonly body?: string
}

export const SERVICE = 'shop'

/** @param storageDir what an earlier worker stored. Default: nothing */
export async function startPageRig(
  config: Readonly<Record<string, unknown>> = {},
  storageDir?: string,
): Promise<PageRig> {
  const workerd = await startWorkerd({ config, ...(storageDir !== undefined && { storageDir }) })
  const proxy = await startFaultProxy(workerd.url)
  const site = await startPageServer()
  return {
    site,
    proxy,
    workerd,
    html: (options) => pageHtml(proxy.url, options),
    beacons: () => proxy.requests.filter(({ path }) => path === '/v1/beacon'),
    totals: async () => {
      const samples = [...(await readMetrics(workerd.url))]
      return new Map(
        samples.map(([series, value]) => {
          const { name, labels } = parseSeries(series)
          return [seriesText(name, labels), value]
        }),
      )
    },
    close: async () => {
      await site.close()
      await proxy.close()
      await workerd.stop()
    },
  }
}

function pageHtml(edgeUrl: string, { data = {}, before = '', body = '' }: PageHtml = {}): string {
  const attributes = Object.entries({ service: SERVICE, ...data }).map(([name, value]) => ` data-${name}="${value}"`)
  return `<!doctype html>
<link rel="icon" href="data:,">
<script>${COLLECT_ERRORS};${before}</script>
<script src="${edgeUrl}/pharos.js"${attributes.join('')}></script>
<body>${body}</body>`
}

const COLLECT_ERRORS = `window.thrown = []
addEventListener('error', (event) => thrown.push('error: ' + event.message))
addEventListener('unhandledrejection', (event) => thrown.push('rejection: ' + event.reason))`

/** What the script leaves in the page, as far as tests use it. */
export interface PharosGlobal {
  readonly increment: (name: string, value?: number, attributes?: Record<string, string>) => void
  readonly observe: (name: string, value: number, attributes?: Record<string, string>) => void
  readonly flush: () => Promise<{ readonly acknowledged: boolean; readonly reason?: string }>
  readonly setConsent: (consent: boolean | 'granted' | 'denied') => void
  readonly stats: () => {
    readonly recorded: number
    readonly pending: number
    readonly acknowledged: number
    readonly dropped: Readonly<Record<string, number>>
  }
}

declare global {
  interface Window {
    pharos: PharosGlobal
    thrown: string[]
  }
}

/** Where a script can be run: a page or one of its frames. */
type Scripted = Pick<Page, 'evaluate'>

/** Has the page record all of these. When it resolves, they were recorded. */
export const recordIn = (page: Scripted, records: readonly PageRecord[]): Promise<void> =>
  page.evaluate((list) => {
    for (const { call, name, value, attributes } of list) window.pharos[call](name, value, attributes)
  }, records as PageRecord[])

export const flushIn = (page: Scripted): ReturnType<PharosGlobal['flush']> => page.evaluate(() => window.pharos.flush())

import { launchChromium, type RunningChromium } from './chromium.ts'
import { type PageRig, startPageRig } from './page-rig.ts'
import { type PageServer, startPageServer } from './page-server.ts'
import { shareParts } from './shared-parts.ts'

/** One browser and one edge for all tests of a file. */
export interface PageParts {
  readonly chromium: RunningChromium
  readonly rig: PageRig
  /** A site of an origin of its own, so with a storage of its own. */
  readonly serve: (pages: Readonly<Record<string, string>>) => Promise<PageServer>
  readonly close: () => Promise<void>
}

/** @param config what the worker is told, as in `startPageRig` */
export const sharePageParts = (config?: Readonly<Record<string, unknown>>): (() => PageParts) =>
  shareParts(async () => {
    const chromium = await launchChromium()
    const rig = await startPageRig(config)
    const sites: PageServer[] = []
    return {
      chromium,
      rig,
      serve: async (pages) => {
        const site = await startPageServer(pages)
        sites.push(site)
        return site
      },
      close: async () => {
        await chromium.close()
        await Promise.all(sites.map((site) => site.close()))
        await rig.close()
      },
    }
  })

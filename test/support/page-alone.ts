import { findChromium } from './chromium.ts'
import type { PageRig } from './page-rig.ts'
import { startProgram, temporaryFolder } from './processes.ts'
import type { RunningProgram } from './processes.ts'

// A browser that DevTools is attached to prerenders nothing and takes every tab for visible. So some pages must drive
// themselves, and tell the test what they did by requests to `/mark/...`.

/** A call for a page's script: sends a mark. @param text an expression of the page */
export const markCall = (text: string): string => `fetch(EDGE + '/mark/' + ${text}, { mode: 'no-cors' })`

/** Statements that run when the site has a page `/go`. They look one at a time: two would both go. */
export const whenGo = (statements: string): string => `(async () => {
  while (!(await fetch('/go')).ok) await new Promise((resolve) => setTimeout(resolve, 50))
  ${statements}
})()`

/** A script that may send marks. */
export const edgeScript = (rig: PageRig, code: string): string =>
  `<script>const EDGE = '${rig.proxy.url}';${code}</script>`

/** The marks so far, in the order they came. */
export const marksOf = (rig: PageRig): readonly string[] =>
  rig.proxy.requests.filter(({ path }) => path.startsWith('/mark/')).map(({ path }) => path.slice('/mark/'.length))

export interface BareChromiumOptions {
  readonly isReady: () => boolean
  /** Default: a new one. */
  readonly userDataDir?: string
}

/** A Chromium at `url` that nobody drives. */
export async function startBareChromium(url: string, options: BareChromiumOptions): Promise<RunningProgram> {
  const { isReady, userDataDir = await temporaryFolder('profile') } = options
  const { executablePath, env } = await findChromium()
  return startProgram({
    command: executablePath,
    args: [...FLAGS, `--user-data-dir=${userDataDir}`, url],
    env,
    isReady: async () => isReady(),
  })
}

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-popup-blocking',
  '--disable-sync',
  // Nobody attaches to it, but it keeps a headless browser open.
  '--remote-debugging-port=0',
]

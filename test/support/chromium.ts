import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import type { BrowserContext, CDPSession } from 'playwright-core'
import { debianBrowserEnvironment, unpackDebian } from './debian.ts'
import { onPath, repository } from './paths.ts'
import { adoptGroup, temporaryFolder } from './processes.ts'
import { firstOf } from './requirements.ts'
import { noteOnce } from './run-notes.ts'
import { run } from './run.ts'

export interface RunningChromium {
  readonly context: BrowserContext
  /** The DevTools protocol of the whole browser. */
  readonly cdp: CDPSession
  /** The browser process, leader of the process group of all its children. */
  readonly pid: number
  readonly userDataDir: string
  /** SIGKILL to the whole browser at once. Resolves when nothing of it is left. */
  readonly kill: () => Promise<void>
  readonly close: () => Promise<void>
}

export interface ChromiumOptions {
  /** The profile; the next start finds in it what this one left. Default: a new one. */
  readonly userDataDir?: string
  readonly args?: readonly string[]
}

/** What Playwright and Puppeteer switch off for the sake of calm tests, and a real visitor's browser has on. */
export const KEPT_ON = [
  '--disable-back-forward-cache',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
]

/**
 * A real Chromium on a real profile, in the headless mode that is the whole browser (the shell has no bfcache).
 * `page.goBack` must be given `waitUntil: 'commit'`: a page restored from the bfcache has no load event.
 */
export async function launchChromium(options: ChromiumOptions = {}): Promise<RunningChromium> {
  const { userDataDir = await temporaryFolder('profile'), args = [] } = options
  const { executablePath, env } = await findChromium()
  const context = await chromium.launchPersistentContext(userDataDir, {
    executablePath,
    env,
    headless: true,
    chromiumSandbox: false,
    ignoreDefaultArgs: KEPT_ON,
    args: ['--disable-gpu', '--disable-quic', ...args],
  })
  // A busy machine is slow; what never comes is as wrong after a minute.
  context.setDefaultTimeout(60_000)
  const cdp = await context.browser()!.newBrowserCDPSession()
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo')
  const pid = processInfo.find(({ type }) => type === 'browser')!.id
  const kill = adoptGroup(pid)
  const close = async (): Promise<void> => {
    await context.close()
    await kill()
  }
  return { context, cdp, pid, userDataDir, kill, close }
}

export interface ChromiumProgram {
  readonly executablePath: string
  readonly env: NodeJS.ProcessEnv
}

let found: Promise<ChromiumProgram> | undefined

/** A Chromium that runs here: an installed one, else Playwright's download, else Debian's package, unpacked aside. */
export const findChromium = (): Promise<ChromiumProgram> =>
  (found ??= firstOf('Install Chromium, or set CHROMIUM_PATH to one.', [
    () => working(process.env['CHROMIUM_PATH']),
    () => working(onPath('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable')),
    () => working(chromium.executablePath()),
    async () => {
      await downloadWithPlaywright()
      return working(chromium.executablePath())
    },
    fromDebian,
  ]))

/** A browser that cannot even tell its version lacks libraries, and is no use. */
async function working(file: string | undefined): Promise<ChromiumProgram | undefined> {
  if (!file || !existsSync(file)) return undefined
  noteOnce(`Chromium: ${(await run(file, ['--version', '--no-sandbox'])).trim()}, ${file}`)
  return { executablePath: file, env: process.env }
}

// The time-out is short because on a closed network nothing ever answers.
const downloadWithPlaywright = (): Promise<string> =>
  run(
    process.execPath,
    [join(repository, 'node_modules/playwright-core/cli.js'), 'install', 'chromium', '--no-shell'],
    {
      env: { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '5000' },
      timeoutMs: 180_000,
    },
  )

async function fromDebian(): Promise<ChromiumProgram> {
  const folder = await unpackDebian({ packages: ['chromium', 'fonts-dejavu-core'] })
  const executablePath = join(folder, 'usr/lib/chromium/chromium')
  const env = await debianBrowserEnvironment(folder)
  noteOnce(`Chromium: ${(await run(executablePath, ['--version'], { env })).trim()}, from Debian`)
  return { executablePath, env }
}

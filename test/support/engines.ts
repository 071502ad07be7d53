import { setTimeout as delay } from 'node:timers/promises'
import { launch as launchBrowser } from 'puppeteer-core'
import type { LaunchOptions, Page } from 'puppeteer-core'
import { findChromium, KEPT_ON } from './chromium.ts'
import { findFirefox } from './firefox.ts'
import { adoptGroup } from './processes.ts'
import { noteOnce } from './run-notes.ts'
import { until } from './until.ts'
import { findWebkit, startWebkit, webkitVersion } from './webkit.ts'
import { startXvfb } from './xvfb.ts'

export type EngineName = 'chromium' | 'firefox' | 'webkit'

/** A browser engine, ready to start. */
export interface Engine {
  /** @param profile a folder; what one browser left in it the next one finds */
  readonly start: (profile: string) => Promise<RunningEngine>
}

export interface RunningEngine {
  readonly version: string
  /** Opens an address in a new tab, which hides the tab that was on top. Resolves when the page has loaded. */
  readonly open: (url: string) => Promise<EnginePage>
  /** SIGKILL to the whole browser at once. Resolves when nothing of it is left. */
  readonly kill: () => Promise<void>
}

/** A tab. */
export interface EnginePage {
  /** The value of an expression, as JSON can tell it. */
  readonly evaluate: <T>(expression: string) => Promise<T>
  /** Runs statements and leaves in the same task. Resolves when the tab is at `url`. */
  readonly leave: (url: string, lastWords: string) => Promise<void>
  /** Back in the history. Resolves when the tab is at `url` and visible. */
  readonly goBack: (url: string) => Promise<void>
  /** Opens an empty tab on top. Resolves when the page says that it is hidden. */
  readonly hide: () => Promise<void>
  /** Closes the tab, which must be on top, as a user does. */
  readonly close: () => Promise<void>
}

/** Gets an engine: an installed one, or one that is unpacked aside. */
export const findEngine: Readonly<Record<EngineName, () => Promise<Engine>>> = {
  chromium: async () => {
    const { executablePath, env } = await findChromium()
    const args = ['--no-sandbox', '--disable-gpu', '--disable-quic']
    return puppeteerEngine({ browser: 'chrome', executablePath, env, args, ignoreDefaultArgs: KEPT_ON })
  },
  firefox: async () => puppeteerEngine({ browser: 'firefox', ...(await findFirefox()) }),
  webkit: webkitEngine,
}

const puppeteerEngine = (options: LaunchOptions): Engine => ({
  start: async (profile) => {
    const browser = await launchBrowser({ ...options, headless: true, userDataDir: profile })
    return {
      version: await browser.version(),
      kill: adoptGroup(browser.process()!.pid!),
      open: async (url) => {
        const page = await browser.newPage()
        await page.goto(url)
        // Firefox may still be busy with the end of another tab, and put a third on top.
        await page.bringToFront()
        await isAt((expression) => page.evaluate(expression) as never, url)
        return puppeteerPage(page)
      },
    }
  },
})

function puppeteerPage(page: Page): EnginePage {
  const evaluate = <T>(expression: string): Promise<T> => page.evaluate(expression) as Promise<T>
  return {
    ...travels(evaluate),
    evaluate,
    hide: async () => {
      await page.browser().newPage()
      await isHidden(evaluate)
    },
    close: () => page.close(),
  }
}

async function webkitEngine(): Promise<Engine> {
  const program = await findWebkit()
  const display = await startXvfb(program.prefix)
  const version = await webkitVersion(program, display)
  noteOnce(`WebKit: ${version}`)
  return {
    start: async (profile) => {
      const { openTab, kill } = await startWebkit(program, { display, profile })
      return {
        version,
        kill,
        open: async (url) => {
          const { evaluate, close } = await openTab(url)
          const ask = evaluate as EnginePage['evaluate']
          await isAt(ask, url)
          return {
            ...travels(ask),
            evaluate: ask,
            hide: async () => {
              await display.press('ctrl+t')
              await isHidden(ask)
            },
            close: async () => {
              await display.press('ctrl+w')
              close()
            },
          }
        },
      }
    },
  }
}

type Evaluate = EnginePage['evaluate']

const travels = (evaluate: Evaluate): Pick<EnginePage, 'leave' | 'goBack'> => ({
  leave: async (url, lastWords) => {
    // The page may be gone before it can answer.
    await evaluate(`(() => { ${lastWords}; location.href = ${JSON.stringify(url)} })()`).catch(() => {})
    await isAt(evaluate, url)
  },
  goBack: async (url) => {
    await evaluate('void history.back()').catch(() => {})
    await isAt(evaluate, url)
  },
})

const isAt = (evaluate: Evaluate, url: string): Promise<unknown> =>
  until(
    () => answer(evaluate, "location.href + ' ' + document.visibilityState + ' ' + document.readyState"),
    (text) => text === `${url} visible complete`,
    { everyMs: 20 },
  )

const isHidden = (evaluate: Evaluate): Promise<unknown> =>
  until(
    () => answer(evaluate, 'document.visibilityState'),
    (state) => state === 'hidden',
    { everyMs: 20 },
  )

/** Of a page that may be on its way: nothing, if it does not answer. */
const answer = (evaluate: Evaluate, expression: string): Promise<unknown> =>
  Promise.race([evaluate(expression).catch(() => undefined), delay(250)])

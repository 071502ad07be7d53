import type { BrowserContext } from 'playwright-core'

// Loaded by address: the tests are another TypeScript project.
const load = (file: string): Promise<unknown> => import(new URL(`../test/support/${file}`, import.meta.url).href)

interface Chromium {
  readonly context: BrowserContext
  readonly close: () => Promise<void>
}

/** The browser the tests use. */
export async function launchChromium(): Promise<Chromium> {
  const support = (await load('chromium.ts')) as { launchChromium: () => Promise<Chromium> }
  return support.launchChromium()
}

interface Workerd {
  readonly pid: number
  readonly port: number
  readonly url: string
  readonly storageDir: string
  readonly stop: () => Promise<void>
}

/** The bare runtime the tests use, with the worker of this file, or the built one. */
export async function startWorkerd(options: { readonly bundle?: string } = {}): Promise<Workerd> {
  const support = (await load('workerd.ts')) as { startWorkerd: (options: object) => Promise<Workerd> }
  return support.startWorkerd(options)
}

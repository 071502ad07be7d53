import type { BrowserContext, Page } from 'playwright-core'

/** What a library has left in the browser, by kind and name: an id in there can tell one visitor from another. */
export async function keptIn(page: Page, profile: BrowserContext): Promise<readonly string[]> {
  const cookies = (await profile.cookies()).map(({ name }) => `cookie ${name}`)
  const stored = await page.evaluate(async () => [
    ...Object.keys(localStorage).map((key) => `localStorage ${key}`),
    ...Object.keys(sessionStorage).map((key) => `sessionStorage ${key}`),
    ...(await indexedDB.databases()).map(({ name }) => `IndexedDB ${name}`),
  ])
  return [...cookies, ...stored]
}

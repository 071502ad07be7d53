import type { Page } from 'playwright-core'
import { until } from './until.ts'

/**
 * Goes back in the history; resolves when the page of `path` is shown, loaded anew or restored.
 * Not `page.goBack()`: it waits for a load, and a restored page does not load.
 */
export async function goBack(page: Page, path: string): Promise<void> {
  await page.evaluate('history.back()').catch(() => {})
  await page.waitForURL(`**${path}`, { waitUntil: 'commit' })
  // A page that is on its way does not answer.
  const isShown = (): Promise<unknown> =>
    page
      .evaluate((wanted) => location.pathname === wanted && document.visibilityState === 'visible', path)
      .catch(() => false)
  await until(isShown, (shown) => shown === true)
}

import { readdir, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BrowserContext, Page } from 'playwright-core'
import { launchChromium } from '../../test/support/chromium.ts'
import { bundle } from '../bundle.ts'
import { startSite } from '../page/site.ts'
import { median } from '../statistics.ts'
import { number, printTable } from '../table.ts'

const ROUNDS = 9

/** Values in a window, and how many windows make a turn: no more than an outbox holds with room to spare. */
const WINDOWS: readonly (readonly [values: number, windows: number])[] = [
  [1, 300],
  [50, 300],
  [200, 200],
  [1_000, 100],
  [1_000_000, 1],
]

/**
 * What a call costs, sealing included, beside another build of Pharos, in turns: `PHAROS_BEFORE` is the folder of a checkout that was
 * built (`npm run build`). Real Chromium; the files are those that `npm run size` weighs.
 */
export async function benchTurns(): Promise<void> {
  const before = process.env['PHAROS_BEFORE']
  if (!before) {
    console.log(
      '\nturns: left out. Set PHAROS_BEFORE to the folder of an older checkout in which `npm run build` has run.',
    )
    return
  }
  const folders = { before: resolve(before), now: fileURLToPath(new URL('../..', import.meta.url)) }
  const site = await startSite(await filesOf(folders))
  const chromium = await launchChromium()
  try {
    const pages = {
      before: await open(chromium.context, `http://before.localhost:${site.port}/before.html`),
      now: await open(chromium.context, `http://now.localhost:${site.port}/now.html`),
    }
    for (const [values, windows] of WINDOWS) await compare(pages, values, windows)
  } finally {
    await chromium.close()
    site.close()
  }
}

async function filesOf(folders: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const files: Record<string, string> = {
    '/turns.js': await bundle(fileURLToPath(new URL('page.ts', import.meta.url)), { format: 'es', runsIn: 'page' }),
  }
  for (const [name, folder] of Object.entries(folders)) {
    const built = resolve(folder, 'dist/size')
    for (const file of await readdir(built))
      if (file.startsWith('core')) files[`/${name}/${file}`] = await readFile(resolve(built, file), 'utf8')
    files[`/${name}.html`] = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module">
import { init } from '/${name}/core.js'
import { createTurns } from '/turns.js'
window.turns = createTurns(init({ service: 'turns', flushIntervalMs: 86_400_000 }))
</script>`
  }
  return files
}

async function open(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage()
  page.on('pageerror', (error) => console.log(`${url} THREW ${error.message}`))
  await page.goto(url)
  await page.waitForFunction(() => globalThis.turns)
  await page.evaluate(() => turns.crowd())
  return page
}

async function compare(
  pages: Readonly<Record<'before' | 'now', Page>>,
  values: number,
  windows: number,
): Promise<void> {
  const names = await pages.now.evaluate(() => turns.names)
  const rows: string[][] = []
  for (const name of names) {
    const ns: Record<'before' | 'now', number[]> = { before: [], now: [] }
    for (let round = -2; round < ROUNDS; round++)
      for (const build of ['before', 'now'] as const) {
        const turn = await pages[build].evaluate(([name, windows, values]) => turns.run(name, windows, values), [
          name,
          windows,
          values,
        ] as const)
        if (round >= 0) ns[build].push(turn)
        await pages[build].evaluate(() => turns.flush())
      }
    const [was, is] = [median(ns.before), median(ns.now)]
    const least = (build: 'before' | 'now'): string => number(Math.min(...ns[build]), 1)
    rows.push([name, number(was, 1), least('before'), number(is, 1), least('now'), `${number((100 * is) / was)} %`])
  }
  printTable(
    `${number(windows)} windows of ${number(values)} calls, ns a call with sealing, ${ROUNDS} turns`,
    ['', 'before', 'least', 'now', 'least', ''],
    rows,
  )
}

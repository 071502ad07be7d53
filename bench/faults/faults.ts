import { readFile, rm } from 'node:fs/promises'
import { launchChromium } from '../../test/support/chromium.ts'
import { startWorkerd } from '../../test/support/workerd.ts'
import { bundleForPage } from '../bundle-for-page.ts'
import { startSite } from '../page/site.ts'
import { printTable } from '../table.ts'
import { answersLost, closed, down, KILLED_AFTER_MS, killed, UNAVAILABLE, UNREACHABLE, type Step } from './cases.ts'
import { inTurns } from './in-turns.ts'
import { EVENTS, startRun, type World } from './run.ts'
import { SUBJECTS, type Subject } from './subjects.ts'
import { measureUndisturbed } from './undisturbed.ts'

const ROUNDS = 3

/** How often each event was stored in the end, a list for each round. */
type Outcomes = ReadonlyMap<Subject, readonly (readonly number[])[]>

/** What arrives of 13 events when something fails, for Pharos and its peers. Real Chromium and workerd; needs `npm run build` first. */
export async function benchFaults(): Promise<void> {
  const site = await startSite(await filesOf())
  const workerd = await startWorkerd()
  const chromium = await launchChromium()
  const browser = chromium.context.browser()!
  const world = { site, workerdUrl: workerd.url }
  try {
    console.log(`\nChromium ${browser.version()}, ${await versionsOfPeers()}`)
    const killedOutcomes = await observe(world, killed())
    const closedOutcomes = await observe(world, closed(browser))
    // These take long and do little.
    const [unavailable, unreachable, lostOutcomes, printUndisturbed] = await Promise.all([
      observe(world, down(browser, UNAVAILABLE)),
      observe(world, down(browser, UNREACHABLE)),
      observe(world, answersLost(browser)),
      measureUndisturbed(world, browser),
    ])
    printTable(
      `When something fails: events counted of ${EVENTS}, ${ROUNDS} rounds`,
      [
        '',
        `killed after ${KILLED_AFTER_MS} ms`,
        'endpoint: 503',
        'unreachable',
        'tab closed',
        'answers lost: copies of each',
      ],
      SUBJECTS.map((subject) => [
        subject.title,
        ...[killedOutcomes, unavailable, unreachable, closedOutcomes].map((outcomes) =>
          describeCounted(outcomes.get(subject)!),
        ),
        range(lostOutcomes.get(subject)!.flat()),
      ]),
    )
    printUndisturbed()
  } finally {
    await chromium.close()
    await workerd.stop()
    await rm(workerd.storageDir, { recursive: true, force: true })
    site.close()
  }
}

async function versionsOfPeers(): Promise<string> {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8')
  const { dependencies } = JSON.parse(text) as { dependencies: Readonly<Record<string, string>> }
  return Object.entries(dependencies)
    .map((peer) => peer.join(' '))
    .join(', ')
}

async function filesOf(): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const { page } of SUBJECTS) {
    const script = await bundleForPage(new URL(`pages/${page}.ts`, import.meta.url))
    files[`/${page}.js`] = Buffer.from(script).toString()
    files[`/${page}.html`] =
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>Bench</title><link rel="icon" href="data:,">
<script src="/${page}.js"></script><h1>Shop</h1></html>`
  }
  return files
}

async function observe(world: World, steps: readonly Step[]): Promise<Outcomes> {
  const subjects = Array.from({ length: ROUNDS }, () => SUBJECTS).flat()
  const runs = await Promise.all(subjects.map((subject) => startRun(world, subject)))
  for (const { atOnce, work } of steps) await inTurns(runs, atOnce, work)
  const outcomes = new Map<Subject, (readonly number[])[]>(SUBJECTS.map((subject) => [subject, []]))
  for (const run of runs) {
    outcomes.get(run.subject)!.push(await run.copies())
    await run.close()
  }
  return outcomes
}

/** @example '11 to 13', or '13, 1 to 2 of them twice or more' */
function describeCounted(rounds: readonly (readonly number[])[]): string {
  const more = (least: number): string => range(rounds.map((copies) => copies.filter((n) => n >= least).length))
  return more(2) === '0' ? more(1) : `${more(1)}, more than once ${more(2)}`
}

function range(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return least === most ? String(least) : `${least} to ${most}`
}

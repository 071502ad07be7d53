import type { Browser } from 'playwright-core'
import { setTimeout as delay } from 'node:timers/promises'
import { number, printTable } from '../table.ts'
import { ANSWERS_LOST_MS, stay } from './cases.ts'
import { keptIn } from './kept.ts'
import { EVENTS, startRun, type World } from './run.ts'
import { SUBJECTS, type Subject } from './subjects.ts'

/** What a page that nothing fails for sends and keeps. It is the control too: every event must be stored once. */
export async function measureUndisturbed(world: World, browser: Browser): Promise<() => void> {
  const rows = await Promise.all(SUBJECTS.map((subject) => rowOf(world, { browser, subject })))
  const header = ['', 'counted', 'requests', 'preflights', 'bytes', 'kept in the browser']
  return () =>
    printTable(`Nothing fails: ${EVENTS} events of a page that stays ${ANSWERS_LOST_MS / 1_000} s`, header, rows)
}

async function rowOf(world: World, { browser, subject }: { browser: Browser; subject: Subject }): Promise<string[]> {
  const run = await startRun(world, subject)
  const profile = await browser.newContext()
  const page = await run.open(profile)
  await run.count(page)
  await delay(ANSWERS_LOST_MS)
  const kept = await keptIn(page, profile)
  await stay(page, 0)
  await profile.close()
  const counted = (await run.copies()).reduce((sum, copies) => sum + copies, 0)
  const posts = run.proxy.requests.filter(({ method }) => method === 'POST')
  const preflights = run.proxy.requests.filter(({ method }) => method === 'OPTIONS')
  const bytes = posts.reduce((sum, { body }) => sum + body.length, 0)
  await run.close()
  if (counted !== EVENTS)
    console.log(`${subject.title} COUNTED ${counted} THOUGH NOTHING FAILED: its other figures mean nothing.`)
  return [
    subject.title,
    ...[counted, posts.length, preflights.length, bytes].map((value) => number(value)),
    kept.join(', ') || 'nothing',
  ]
}

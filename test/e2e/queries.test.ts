import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, type TestContext } from 'vitest'
import { exactIncrease } from '../../tools/catalog/exact-increase.ts'
import { repository } from '../support/paths.ts'
import { stopPrograms } from '../support/processes.ts'
import { compare } from '../support/queries/compare.ts'
import { compareShapes } from '../support/queries/compare-shapes.ts'
import { compareSection } from '../support/queries/document.ts'
import {
  ANCHORED,
  EXACT,
  type Expression,
  INCREASE,
  INCREASE_OF_VICTORIA_METRICS,
  inSteps,
  type Span,
} from '../support/queries/expressions.ts'
import { countLive, FLUSH_MS, LIVE } from '../support/queries/live.ts'
import { measure, type Question, type Shown, storedSamples, timesIn } from '../support/queries/measure.ts'
import { type Asked, EXPRESSIONS, PROMETHEUS, VICTORIA_METRICS, WITH_ANCHORED } from '../support/queries/receivers.ts'
import { increaseOf, longestGap, type Sample, shortestRest } from '../support/queries/samples.ts'
import { SCENARIOS } from '../support/queries/scenarios.ts'
import { shapeTable } from '../support/queries/shape-table.ts'
import { expressionTable, isExact, scenarioTable } from '../support/queries/table.ts'
import type { Receiver } from '../support/prometheus.ts'
import { MissingRequirement, required } from '../support/requirements.ts'

afterEach(stopPrograms)

const ASKED: readonly Asked[] = [PROMETHEUS, VICTORIA_METRICS, WITH_ANCHORED]

describe('docs/QUERIES.md', () => {
  it.for(ASKED)('says what $name shows, and what is called exact is exact', async (asked, ctx) => {
    const receiver = await started(asked, ctx)
    const columns = await compare(receiver, asked.expressions)
    for (const { expression, cells } of columns)
      for (const [i, { name, span, series }] of SCENARIOS.entries()) {
        const gapMs = Math.max(0, ...series.map(({ outage }) => (outage ? outage.toMs - outage.fromMs : 0)))
        if (!cells[i] || !expression.promises?.({ spanMs: span.ms, gapMs })) continue
        expectExact(cells[i], `${expression.name}: ${name}`)
      }
    const { said, measured } = await compareSection(asked.name, scenarioTable(columns))
    expect(said, 'run: npm run queries').toBe(measured)
  })

  it('says what other samples would bring', async (ctx) => {
    const prometheus = await required(ctx, PROMETHEUS.start)
    const victoriaMetrics = await required(ctx, VICTORIA_METRICS.start)
    const markdown = shapeTable(await compareShapes(prometheus), await compareShapes(victoriaMetrics))
    const { said, measured } = await compareSection('shapes', markdown)
    expect(said, 'run: npm run queries').toBe(measured)
  })

  it.for([PROMETHEUS, VICTORIA_METRICS])('has no query that $name does not understand', async ({ start }, ctx) => {
    const receiver = await required(ctx, start)
    const queries = await shownQueries()
    expect(queries.length).toBeGreaterThan(5)
    for (const query of queries) if (!query.includes('anchored')) await receiver.query(query)
  })

  it('has the exact form in every query', async () => {
    const forms = (await shownQueries()).filter((query) => query.includes('last_over_time'))
    expect(forms.length).toBeGreaterThan(5)
    for (const query of forms) {
      const [, selector = '', window = ''] = /last_over_time\((.+?)\[(\w+)\]\)/.exec(query)!
      expect(withoutSpace(query)).toContain(withoutSpace(exactIncrease(selector, window)))
    }
  })

  it('shows every expression', async () => {
    const { said, measured } = await compareSection('expressions', expressionTable(EXPRESSIONS))
    expect(said, 'run: npm run queries').toBe(measured)
  })
})

describe('the worker, asked between its flushes', () => {
  it.for(ASKED)('$name shows what was acknowledged', async (asked, ctx) => {
    const receiver = await started(asked, ctx)
    const acknowledged = await countLive(receiver)
    const nowMs = Date.now()
    const all = await storedSamples(receiver, LIVE.all, nowMs)
    const whole = { fromMs: 0, toMs: nowMs }
    expect(all.reduce((sum, samples) => sum + increaseOf(samples, whole), 0)).toBe(
      acknowledged.steady + acknowledged.young + acknowledged.returning,
    )

    const restMs = Math.floor(Math.min(...all.map(shortestRest)))
    const [firstMs, lastMs] = edgesOf(all)
    const about = async (selector: string): Promise<Omit<Question, 'span'>> => ({
      selector,
      series: await storedSamples(receiver, selector, nowMs),
      times: timesIn({ fromMs: firstMs, toMs: lastMs }),
    })
    const ask = async (expression: Expression, question: Question): Promise<void> =>
      expectExact(await measure(receiver, expression, question), `${expression.name}: ${question.selector}`)

    // The longest windows that may be asked for over a return, and shorter ones that follow each other.
    const rest = spanOf(restMs)
    const third = spanOf(Math.floor(restMs / 3))
    const steps = inSteps(third)
    for (const selector of Object.values(LIVE)) await ask(EXACT, { ...(await about(selector)), span: rest })
    for (const selector of [LIVE.steady, LIVE.young, LIVE.observations])
      await ask(EXACT, { ...(await about(selector)), span: FIVE_MINUTES })
    await ask(EXACT, { ...(await about(LIVE.all)), span: third, inARow: 5 })
    await ask(steps, { ...(await about(LIVE.all)), span: spanOf(4 * third.ms) })
    await ask(steps, { ...(await about(LIVE.all)), span: FIVE_MINUTES, times: [lastMs + third.ms] })
    if (Math.max(...all.map(longestGap)) > 2 * FLUSH_MS)
      console.warn(`NOT ASKED: increase() of ${asked.name}: this machine was too busy to flush every second`)
    else
      for (const expression of asked.expressions)
        if (expression === ANCHORED || expression === INCREASE_OF_VICTORIA_METRICS)
          await ask(expression, { ...(await about(LIVE.all)), span: FIVE_MINUTES })

    // As a bar chart asks: one window after the other. VictoriaMetrics repeats the last bar where it ends in the future.
    const endMs = firstMs + Math.floor((lastMs - firstMs) / third.ms) * third.ms
    const bars = await receiver.queryRange(`sum(${EXACT.write(LIVE.all, third)})`, {
      startMs: firstMs,
      endMs,
      stepSeconds: third.ms / 1_000,
    })
    const until = { fromMs: 0, toMs: endMs }
    expect(bars[0]!.points.reduce((sum, [, height]) => sum + height, 0)).toBe(
      all.reduce((sum, samples) => sum + increaseOf(samples, until), 0),
    )
  })

  it('is not shown by increase() of Prometheus', async (ctx) => {
    const receiver = await required(ctx, PROMETHEUS.start)
    const [increase] = await compare(receiver, [INCREASE])
    expect(increase!.cells.map((shown) => isExact(shown!))).toContain(false)
  })
})

/** The PromQL of the documents, with a value for the variables of Grafana. */
async function shownQueries(): Promise<readonly string[]> {
  const names = ['README.md', 'docs/QUERIES.md', 'docs/EXPORTERS.md', 'docs/REPORTS.md']
  const documents = names.map((name) => join(repository, name))
  const texts = await Promise.all(documents.map((file) => readFile(file, 'utf8')))
  return texts
    .flatMap((text) => [...text.matchAll(/^```promql\n([^]*?)^```$/gm)].map(([, query]) => query!))
    .map((query) => query.replaceAll(/\$__\w+/g, '30m'))
}

const withoutSpace = (text: string): string => text.replaceAll(/\s/g, '')

/** No package of Debian has a Prometheus with `anchored`, so that one may be missing with `CI=true` too. */
async function started({ start }: Asked, ctx: TestContext): Promise<Receiver> {
  if (start !== WITH_ANCHORED.start) return required(ctx, start)
  try {
    return await start()
  } catch (error) {
    if (!(error instanceof MissingRequirement)) throw error
    console.warn(`NOT RUN: ${ctx.task.name}: ${error.message}`)
    return ctx.skip(error.message)
  }
}

const spanOf = (ms: number): Span => ({ text: `${ms}ms`, ms })
const FIVE_MINUTES = spanOf(300_000)

/** The times of the first sample and the last. */
const edgesOf = (all: readonly (readonly Sample[])[]): readonly [firstMs: number, lastMs: number] => {
  const times = all.flat().map(({ timeMs }) => timeMs)
  return [Math.min(...times), Math.max(...times)]
}

const expectExact = (shown: readonly Shown[], what: string): void =>
  expect({ what, shown: shown.map(({ timeMs, shown }) => [timeMs, shown]) }).toEqual({
    what,
    shown: shown.map(({ timeMs, truth }) => [timeMs, truth]),
  })

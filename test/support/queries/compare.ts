import type { Queries } from '../promql.ts'
import { until } from '../until.ts'
import type { Expression } from './expressions.ts'
import { measure, type Shown, storedSamples, timesIn } from './measure.ts'
import { countSamples, replay, SELECTOR } from './replay.ts'
import { HOUR_MS, SCENARIOS, TRAFFIC_MS } from './scenarios.ts'
import { writeSnapshots } from './write-snapshots.ts'

/** Everything that one expression showed. */
export interface Column {
  readonly expression: Expression
  /** In the order of `SCENARIOS`; undefined where the window is not made of whole steps. */
  readonly cells: readonly (readonly Shown[] | undefined)[]
}

/** Begins at a whole hour, so that steps fall on the same samples in every run. */
const beginning = (): number => Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 4 * HOUR_MS

/** Gives a receiver the traffic of all scenarios, as the worker would have in the last hours, and asks with every expression. */
export async function compare(
  receiver: Queries & { readonly writeUrl: string },
  expressions: readonly Expression[],
): Promise<readonly Column[]> {
  const startMs = beginning()
  const endMs = startMs + TRAFFIC_MS + 60_000
  const snapshots = replay(SCENARIOS, startMs)
  await writeSnapshots(receiver.writeUrl, snapshots)
  const questions = await Promise.all(
    SCENARIOS.map(async (scenario, i) => {
      const selector = `${SELECTOR}{scenario="s${i}"}`
      const sent = countSamples(snapshots, `s${i}`)
      const series = await until(
        () => storedSamples(receiver, selector, endMs),
        (found) => found.flat().length === sent,
      )
      const asked = { fromMs: startMs + scenario.asked.fromMs, toMs: startMs + scenario.asked.toMs }
      return { ...scenario, selector, series, times: timesIn(asked) }
    }),
  )
  const columns: Column[] = []
  for (const expression of expressions) {
    const cells: Column['cells'][number][] = []
    for (const question of questions)
      cells.push(
        question.span.ms % (expression.stepMs ?? 1) === 0 ? await measure(receiver, expression, question) : undefined,
      )
    columns.push({ expression, cells })
  }
  return columns
}

import { seededRandom } from '../page-plan.ts'
import type { Queries } from '../promql.ts'
import type { Expression, Span } from './expressions.ts'
import { increaseOf, type Sample, samplesOf, type Window } from './samples.ts'

/** How much did these series grow in a window that ends at each of these times? */
export interface Question {
  readonly selector: string
  readonly span: Span
  /** When it is asked, ms since 1970. */
  readonly times: readonly number[]
  /** How many windows in a row are added up. @default 1 */
  readonly inARow?: number
  /** Every stored sample of each series. */
  readonly series: readonly (readonly Sample[])[]
}

export interface Shown {
  readonly timeMs: number
  /** What the stored samples add up to. */
  readonly truth: number
  readonly shown: number
}

/** Times in a window, whole ms, the same for the same seed. */
export function timesIn({ fromMs, toMs }: Window, count = 20, seed = 20): readonly number[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => fromMs + Math.floor(random() * (toMs - fromMs)))
}

/** Every sample that a receiver has of each series of `selector`, within a day before `toMs`. */
export async function storedSamples(
  { query }: Queries,
  selector: string,
  toMs: number,
): Promise<readonly (readonly Sample[])[]> {
  const found = await query(`${selector}[1d]`, toMs)
  return found.map(samplesOf)
}

/** Asks with an expression, as a sum over all series, and says what would have been true. No answer is 0. */
export function measure({ value }: Queries, expression: Expression, question: Question): Promise<readonly Shown[]> {
  const { selector, span, times, series, inARow = 1 } = question
  const promql = `sum(${expression.write(selector, span)})`
  const { stepMs = 1 } = expression
  return Promise.all(
    times.map(async (timeMs) => {
      const answers = await Promise.all(Array.from({ length: inARow }, (_, i) => value(promql, timeMs - i * span.ms)))
      const toMs = Math.floor(timeMs / stepMs) * stepMs
      const window = { fromMs: toMs - inARow * span.ms, toMs }
      return {
        timeMs,
        truth: series.reduce((sum, samples) => sum + increaseOf(samples, window), 0),
        shown: answers.reduce<number>((sum, shown = 0) => sum + shown, 0),
      }
    }),
  )
}

import type { Column } from './compare.ts'
import type { Expression } from './expressions.ts'
import type { Shown } from './measure.ts'
import { SCENARIOS } from './scenarios.ts'

const HOUR = { text: '1h', ms: 3_600_000 }

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`

/** A Markdown table. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map(row).join('')

/** Every expression with its name, for the series `x` and the last hour. */
export const expressionTable = (expressions: readonly Expression[]): string =>
  table(
    ['name', 'expression'],
    expressions.map(({ name, write }) => [name, `\`${write('x', HOUR)}\``]),
  )

/** A row for every scenario: the true number, and how far off each expression was. */
export const scenarioTable = (columns: readonly Column[]): string =>
  table(
    ['', 'true', ...columns.map(({ expression }) => expression.name)],
    SCENARIOS.map(({ name }, i) => [
      name,
      // Steps end a little before the question, so theirs is another window.
      rangeOf(columns[0]!.cells[i]!.map(({ truth }) => truth)),
      ...columns.map(({ cells }) => cellOf(cells[i])),
    ]),
  )

export const isExact = (shown: readonly Shown[]): boolean => shown.every((one) => one.shown === one.truth)

const cellOf = (shown: readonly Shown[] | undefined): string =>
  shown ? offBy(shown.map((one) => one.shown - one.truth)) : ''

/** How far off answers are: `exact` where none is. */
export const offBy = (differences: readonly number[]): string =>
  differences.every((difference) => difference === 0) ? 'exact' : rangeOf(differences, signed)

function rangeOf(values: readonly number[], write: (value: number) => string = String): string {
  const [from, to] = [write(Math.min(...values)), write(Math.max(...values))]
  return from === to ? from : `${from} to ${to}`
}

function signed(value: number): string {
  const rounded = Math.abs(value) < 10 ? Number(value.toPrecision(2)) : Math.round(value)
  return rounded > 0 ? `+${rounded}` : String(rounded)
}

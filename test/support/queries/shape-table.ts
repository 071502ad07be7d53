import type { ShapeOutcome } from './compare-shapes.ts'
import { EVENTS, LOST } from './shapes.ts'
import { offBy, table } from './table.ts'

/** A row for every shape: how far off `increase()` is, and what became of the zeros. */
export function shapeTable(prometheus: readonly ShapeOutcome[], victoriaMetrics: readonly ShapeOutcome[]): string {
  const refused = ({ refused: [young, lost] }: ShapeOutcome): string => (young + lost === 0 ? '' : String(young + lost))
  return table(
    ['samples', '`increase()`, first three minutes', 'later', 'zeros refused', 'VictoriaMetrics'],
    prometheus.map((outcome, i) => [
      outcome.shape.name,
      offBy(outcome.early.map((shown) => shown - EVENTS)),
      offBy(outcome.late.map((shown) => shown - EVENTS)),
      refused(outcome),
      offBy(victoriaMetrics[i]!.again.map((shown) => shown - LOST - EVENTS)),
    ]),
  )
}

import { startPrometheus } from '../prometheus.ts'
import type { Receiver } from '../prometheus.ts'
import { MissingRequirement } from '../requirements.ts'
import { startVictoriaMetrics } from '../victoria-metrics.ts'
import {
  ANCHORED,
  EXACT,
  type Expression,
  INCREASE,
  INCREASE_OF_VICTORIA_METRICS,
  INCREASE_PURE,
  LONG_STEPS,
  SHORT_STEPS,
  SIMPLE,
} from './expressions.ts'

/** A receiver and how it is asked. */
export interface Asked {
  /** The name of its section in the document. */
  readonly name: string
  readonly start: () => Promise<Receiver>
  readonly expressions: readonly Expression[]
}

export const PROMETHEUS: Asked = {
  name: 'Prometheus',
  start: startPrometheus,
  expressions: [EXACT, SHORT_STEPS, LONG_STEPS, INCREASE, ...SIMPLE],
}

export const VICTORIA_METRICS: Asked = {
  name: 'VictoriaMetrics',
  start: startVictoriaMetrics,
  expressions: [EXACT, SHORT_STEPS, LONG_STEPS, INCREASE_OF_VICTORIA_METRICS, INCREASE_PURE],
}

/** The Prometheus that Debian has does not know `anchored`. */
export const WITH_ANCHORED: Asked = {
  name: 'Prometheus with anchored',
  start: startAnchored,
  expressions: [ANCHORED, EXACT, SHORT_STEPS, INCREASE],
}

/** All of them, as the document lists them. */
export const EXPRESSIONS: readonly Expression[] = [
  EXACT,
  SHORT_STEPS,
  LONG_STEPS,
  ANCHORED,
  INCREASE,
  INCREASE_PURE,
  ...SIMPLE,
]

async function startAnchored(): Promise<Receiver> {
  const receiver = await startPrometheus({ args: ['--enable-feature=promql-extended-range-selectors'] })
  try {
    await receiver.query('increase(up[1m] anchored)')
    return receiver
  } catch {
    await receiver.stop()
    throw new MissingRequirement('This Prometheus does not know "anchored". Put Prometheus 3.7 or later on the PATH.')
  }
}

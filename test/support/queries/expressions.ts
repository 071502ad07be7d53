import { exactIncrease } from '../../../tools/catalog/exact-increase.ts'

/** The window of a question: as PromQL writes it, and in ms. */
export interface Span {
  readonly text: string
  readonly ms: number
}

/** What an expression has to cope with. */
export interface Circumstances {
  readonly spanMs: number
  /** The longest time that the receiver was without a sample of the series, ms; 0 where it had one at every flush. */
  readonly gapMs: number
}

export interface Expression {
  /** The head of its column in the document. */
  readonly name: string
  readonly write: (selector: string, span: Span) => string
  /** The window ends at the last whole step of this length, ms. @default at the time of the question */
  readonly stepMs?: number
  /** Where it must be exact. @default nowhere */
  readonly promises?: (circumstances: Circumstances) => boolean
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/**
 * For windows of an hour at most: a total that ended begins again after more than that (`staleAfterMs`). The last total before the
 * window is searched in an hour, so a receiver may have been away for as long.
 */
export const EXACT: Expression = {
  name: 'exact form',
  write: (x, { text }) => exactIncrease(x, text),
  promises: ({ spanMs, gapMs }) => spanMs <= HOUR_MS && gapMs < HOUR_MS,
}

/** For windows of any length, added up from steps. */
export const inSteps = (step: Span): Expression => ({
  name: `in steps of ${step.text}`,
  write: (x, { text }) => `sum_over_time((${exactIncrease(x, step.text)})[${text}:${step.text}])`,
  stepMs: step.ms,
  promises: ({ gapMs }) => gapMs < HOUR_MS,
})

export const SHORT_STEPS: Expression = inSteps({ text: '5m', ms: 5 * MINUTE_MS })
export const LONG_STEPS: Expression = inSteps({ text: '1h', ms: HOUR_MS })

/** Prometheus with extended range selectors; it looks back for five minutes. */
export const ANCHORED: Expression = {
  name: '`increase()` with `anchored`',
  write: (x, { text }) => `increase(${x}[${text}] anchored)`,
  promises: ({ gapMs }) => gapMs < 5 * MINUTE_MS,
}

export const INCREASE: Expression = {
  name: '`increase()`',
  write: (x, { text }) => `increase(${x}[${text}])`,
}

export const INCREASE_OF_VICTORIA_METRICS: Expression = { ...INCREASE, promises: ({ gapMs }) => gapMs === 0 }

export const INCREASE_PURE: Expression = {
  name: '`increase_pure()`',
  write: (x, { text }) => `increase_pure(${x}[${text}])`,
}

/** What is often written in place of `increase()`. */
export const SIMPLE: readonly Expression[] = [
  {
    name: '`round()`',
    write: (x, { text }) => `round(increase(${x}[${text}]))`,
  },
  {
    name: 'highest - lowest',
    write: (x, { text }) => `max_over_time(${x}[${text}]) - min_over_time(${x}[${text}])`,
  },
  {
    name: 'last - lowest',
    write: (x, { text }) => `last_over_time(${x}[${text}]) - min_over_time(${x}[${text}15s])`,
  },
  {
    name: 'now - then',
    write: (x, { text }) => `${x} - (${x} offset ${text} or ${x} * 0)`,
  },
  {
    name: 'exact form with `offset` alone',
    write: (x, { text }) =>
      `last_over_time(${x}[${text}]) - (${x} offset ${text} <= min_over_time(${x}[${text}]) or min_over_time(${x}[${text}]))`,
  },
]

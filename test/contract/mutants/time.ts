import { changeSeries, changeSnapshots, changeSteps } from '../mutate.ts'
import { both, deltas, totals, type Mutant } from './mutant.ts'

/** Mutants with the wrong times, zeros or endings. */
export const TIME_MUTANTS: readonly Mutant[] = [
  {
    name: 'a window that begins too early',
    breaks: 'times',
    of: deltas,
    mutation: changeSnapshots((snapshot) => ({ ...snapshot, previousMs: snapshot.previousMs - 5_000 })),
  },
  {
    name: 'values before the flush',
    breaks: 'times',
    of: both,
    mutation: changeSnapshots((snapshot) => ({ ...snapshot, timeMs: snapshot.timeMs - 2_000 })),
  },
  {
    name: 'zeros at the wrong time',
    breaks: 'zeros',
    of: totals,
    mutation: changeSnapshots((snapshot) => ({ ...snapshot, previousMs: snapshot.previousMs + 1 })),
  },
  { name: 'zeros after the values', breaks: 'steps', of: totals, mutation: changeSteps((steps) => steps.toReversed()) },
  {
    name: 'no zeros',
    breaks: 'zeros',
    of: totals,
    mutation: changeSteps((steps) => steps.filter(({ name }) => name === 'values')),
  },
  {
    name: 'ending series without a marker',
    breaks: 'endings',
    of: totals,
    mutation: changeSeries((one) => (one.phase === 'ending' ? { ...one, phase: 'live' } : one)),
  },
  {
    name: 'ending series left out',
    breaks: 'outages',
    of: totals,
    mutation: changeSeries((one) => (one.phase === 'ending' ? undefined : one)),
  },
  {
    name: 'new series without a zero',
    breaks: 'restarts',
    of: totals,
    mutation: changeSeries((one) => (one.phase === 'new' ? { ...one, phase: 'live' } : one)),
  },
]

import { expect, it } from 'vitest'
import type { KindTemporality } from '../../../worker/model/destination-definition.ts'
import { temporalityOf } from '../../../worker/model/temporality-of.ts'
import type { Temporality } from '../../../worker/model/types.ts'

it.each<[KindTemporality, object, Temporality]>([
  ['cumulative', {}, 'cumulative'],
  ['cumulative', { temporality: 'delta' }, 'cumulative'],
  ['delta', {}, 'delta'],
  ['delta', { temporality: 'cumulative' }, 'delta'],
  ['either', {}, 'cumulative'],
  ['either', { temporality: 'cumulative' }, 'cumulative'],
  ['either', { temporality: 'delta' }, 'delta'],
  ['either', { temporality: 7 }, 'cumulative'],
])('a destination of a kind that is %s, with %j, is %s', (kind, destination, temporality) => {
  expect(temporalityOf(kind, destination)).toBe(temporality)
})

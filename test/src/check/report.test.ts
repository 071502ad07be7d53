import { expect, it } from 'vitest'
import { report } from '../../../src/check/report.ts'
import { said } from './said.ts'

const SUBJECT = { what: 'A thing', otherwise: 'It is left out.' }

it('says every mistake, and nothing where there is none', () => {
  expect(said((say) => report(say, SUBJECT, () => ['a.', undefined, 'b.']))).toEqual(['a.', 'b.'])
})

it('says what becomes of a thing that cannot be read', () => {
  const find = (): never => {
    throw new Error('no')
  }
  expect(said((say) => report(say, SUBJECT, find))).toEqual([
    'A thing cannot be read: a getter or a proxy in it throws. It is left out. Pass plain values.',
  ])
})

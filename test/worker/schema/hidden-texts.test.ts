import { expect, it } from 'vitest'
import { hiddenTexts } from '../../../worker/schema/hidden-texts.ts'
import { readDestination } from '../../support/written-destination.ts'

const hiddenIn = (written: object): readonly string[] =>
  hiddenTexts(readDestination({ name: 'main', kind: 'prometheus', ...written }))

it.each([
  ['https://example.com/write', {}, []],
  ['https://example.com/write?db=a&key=hunter2hunter2&other%20=hunter2', {}, ['hunter2hunter2', 'hunter2']],
  ['https://example.com/write?key=hunter%202&hunter3', {}, ['hunter%202', 'hunter 2', 'hunter3']],
  ['https://example.com/write?key=%zz%zz', {}, ['%zz%zz']],
  ['https://example.com/http/ZaVnC4dhaV3hunter2Zy==/in', {}, ['ZaVnC4dhaV3hunter2Zy==']],
  ['https://example.com/write', { headers: { 'x-region': 'eu', 'x-it': 'hunter2' } }, ['hunter2']],
  ['https://example.com/write', { tenant: 'hunter2' }, ['hunter2']],
  ['https://example.com/write', { basicAuth: { username: 'hunter2', passwordSecret: 'P' } }, ['hunter2']],
])('%s with %j hides %j', (url, more, hidden) => {
  expect(hiddenIn({ url, ...more })).toEqual(hidden)
})

it('has nothing to hide where there is no address', () => {
  expect(hiddenTexts(readDestination({ name: 'log', kind: 'console' }))).toEqual([])
})

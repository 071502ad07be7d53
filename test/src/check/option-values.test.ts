import { expect, it } from 'vitest'
import { checkOptions } from '../../../src/check/index.ts'
import { said } from './said.ts'

const INTERVAL = 'The default, 30 seconds, is used.'
const RATE = '1 is used: every page view records.'
const filter = (): void => {}

it.each<readonly [name: string, value: unknown, text: string]>([
  ['service', 5, `option "service" is 5, not a text. It is left out. Write service: '5'.`],
  ['service', null, `option "service" is null, not a text. It is left out. Write service: 'shop'.`],
  [
    'service',
    'x'.repeat(129),
    'option "service" has 129 characters, more than 128. It is left out. Write a shorter, plain text.',
  ],
  ['release', 1.4, `option "release" is 1.4, not a text. It is left out. Write release: '1.4'.`],
  ['release', {}, `option "release" is an object, not a text. It is left out. Write release: '1.4.2'.`],
  [
    'release',
    '1.4\n',
    'option "release" has U+000A, which cannot be sent, as character 4. It is left out. Write a shorter, plain text.',
  ],
  [
    'release',
    `v${String(undefined)}`.slice(1),
    'option "release" is "<not set>": it contains an unset variable, or an object converted to text. It is sent as it is. Set it, or leave it out.',
  ],
  [
    'flushIntervalMs',
    30,
    `option "flushIntervalMs" is 30, less than a second: the unit is milliseconds. ${INTERVAL} Did you mean 30 seconds? Write flushIntervalMs: 30_000.`,
  ],
  [
    'flushIntervalMs',
    500,
    `option "flushIntervalMs" is 500, less than a second: the unit is milliseconds. ${INTERVAL} Write at least 1_000.`,
  ],
  [
    'flushIntervalMs',
    0,
    `option "flushIntervalMs" is 0, less than a second: the unit is milliseconds. ${INTERVAL} Write at least 1_000.`,
  ],
  [
    'flushIntervalMs',
    Infinity,
    `option "flushIntervalMs" is Infinity, more than a day. ${INTERVAL} Write at most 86_400_000, and call flush() to send at once.`,
  ],
  [
    'flushIntervalMs',
    '60000',
    'option "flushIntervalMs" is "60000", not a number. It is taken for one. Write flushIntervalMs: 60_000.',
  ],
  [
    'flushIntervalMs',
    '60',
    `option "flushIntervalMs" is "60", not a number of milliseconds. ${INTERVAL} Write flushIntervalMs: 30_000.`,
  ],
  [
    'flushIntervalMs',
    '30s',
    `option "flushIntervalMs" is "30s", not a number of milliseconds. ${INTERVAL} Write flushIntervalMs: 30_000.`,
  ],
  [
    'flushIntervalMs',
    NaN,
    `option "flushIntervalMs" is NaN, not a number of milliseconds. ${INTERVAL} Write flushIntervalMs: 30_000.`,
  ],
  ['sampleRate', 10, `option "sampleRate" is 10: it is a share, not a percentage. ${RATE} Write sampleRate: 0.1.`],
  ['sampleRate', -1, `option "sampleRate" is -1, below 0. ${RATE} Write a share from 0 to 1: sampleRate: 0.1.`],
  [
    'sampleRate',
    0.00005,
    `option "sampleRate" is 0.00005: the least is one page view in 10_000. ${RATE} Write sampleRate: 0.0001, or 0 for none.`,
  ],
  ['sampleRate', '0.1', 'option "sampleRate" is "0.1", not a number. It is taken for one. Write sampleRate: 0.1.'],
  ['sampleRate', '0', `option "sampleRate" is "0", not a number. ${RATE} Write a share from 0 to 1: sampleRate: 0.1.`],
  [
    'filter',
    filter,
    'option "filter" is filter itself, not called. Nothing is filtered. Write filter: filter((record) => record).',
  ],
  [
    'filter',
    (record: object) => record,
    'option "filter" is a function that filter() did not make. It is called once, when the beacon starts, and not for each record. Write filter: filter((record) => record).',
  ],
  [
    'filter',
    { drop: 'noise' },
    'option "filter" is an object, not what filter() returns. Nothing is filtered. Write filter: filter((record) => record).',
  ],
])('%s: %j', (name, value, text) => {
  expect(said((say) => checkOptions({ [name]: value }, say, { factories: { filter } }))).toEqual([text])
})

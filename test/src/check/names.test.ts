import { describe, expect, it } from 'vitest'
import { checkSeries } from '../../../src/check/index.ts'
import { said } from './said.ts'

const RULE = 'Use letters, digits, "_" and ".", a letter or "_" first, at most 128.'
const DROPPED = 'Its records are dropped (bad_name).'

const saidOfName = (name: unknown): string[] => said((say) => checkSeries({ kind: 'histogram', name }, say))

describe('a name', () => {
  it.each([
    ['', `its name is empty. ${DROPPED} ${RULE}`],
    ['page views', `its name has a space as character 5. ${DROPPED} Write "page_views".`],
    ['page-views', `its name has "-" as character 5. ${DROPPED} Write "page_views".`],
    ['café', `its name has "é" (U+00E9) as character 4. ${DROPPED} Write "caf".`],
    ['a\u200Bb', `its name has U+200B as character 2. ${DROPPED} Write "a_b".`],
    ['😀', `its name has "😀" (U+1F600) as character 1. ${DROPPED} ${RULE}`],
    ['2xx', `its name begins with "2". ${DROPPED} Write "_2xx".`],
    ['.clicks', `its name begins with ".". ${DROPPED} Write "clicks".`],
    ['__clicks', `its name begins with two underscores, which Prometheus keeps for itself. ${DROPPED} Write "clicks".`],
    [
      'pharos.x',
      'names that begin with "pharos." or "pharos_" are reserved. Its records are dropped (bad_name). Choose another name.',
    ],
  ])('%j', (name, text) => {
    expect(saidOfName(name)).toEqual([`histogram ${JSON.stringify(name)}: ${text}`])
  })

  it('names the length of a name that is too long', () => {
    expect(saidOfName('n'.repeat(129))).toEqual([
      `histogram "${'n'.repeat(120)}…": its name has 129 characters, more than 128. ${DROPPED} ${RULE}`,
    ])
  })
})

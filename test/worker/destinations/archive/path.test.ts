import { describe, expect, it } from 'vitest'
import { DEFAULT_PATH, fillPath, pathIssues } from '../../../../worker/destinations/archive/path.ts'

const name = { destination: 'lake', timeMs: Date.UTC(2026, 10, 21, 8, 4, 5, 67), part: 'p1', ext: 'csv.gz' }

describe('fillPath', () => {
  it.each([
    [DEFAULT_PATH, 'pharos/lake/2026/11/21/20261121T080405.067Z-p1.csv.gz'],
    ['dt={yyyy}-{mm}-{dd}/hour={hh}/{min}{ss}', 'dt=2026-11-21/hour=08/0405'],
    ['{part}{part}', 'p1p1'],
  ])('%s is %s', (path, key) => {
    expect(fillPath(path, name)).toBe(key)
  })
})

describe('pathIssues', () => {
  it.each([
    DEFAULT_PATH,
    '{time}{part}',
    'dt={yyyy}-{mm}-{dd}/h={hh}/{min}{ss}-{time}-{part}',
    '{destination}.é/{time}-{part}',
  ])('takes %s', (path) => {
    expect(pathIssues(path)).toEqual([])
  })

  it.each([
    ['{time}', 'give it a {part}'],
    ['{yyyy}{mm}{dd}{hh}{min}{ss}{part}', 'give it a {time}'],
    ['{time}{part}{day}', 'knows'],
    ['{time}{part}{constructor}', 'knows'],
    ['{time}{part}{}', 'knows'],
    ['{time}{part}}', 'cannot have'],
    ['{{time}{part}', 'cannot have'],
    ['/{time}{part}', 'leave out a "/"'],
    ['{time}{part}/', 'leave out a "/"'],
    ['a//{time}{part}', 'leave out a "/"'],
    ['../{time}{part}', 'leave out a "/"'],
    ['a/./{time}{part}', 'leave out a "/"'],
    ['a\n{time}{part}', 'leave out control'],
    ['\ud800{time}{part}', 'leave out control'],
    [`${'é'.repeat(500)}{time}{part}`, 'make it shorter'],
    [`${'{destination}'.repeat(16)}{time}{part}`, 'make it shorter'],
  ])('%j: %s', (path, message) => {
    const mistakes = pathIssues(path)
    expect(mistakes).toHaveLength(1)
    expect(mistakes[0]!.startsWith(message)).toBe(true)
  })

  it('lists everything that is wrong with an empty one', () => {
    expect(pathIssues('')).toHaveLength(3)
  })
})

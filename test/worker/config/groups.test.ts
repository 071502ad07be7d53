import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../worker/config/read-config.ts'

const destinations = ['a', 'b', 'c'].map((name) => ({ name, kind: 'memory' }))

const read = (groups: unknown): ReturnType<typeof readConfig> => readConfig({ PHAROS: { destinations, groups } })

describe('groups', () => {
  it.each([
    [{ strategy: 'all', destinations: ['a', 'b'] }, 2],
    [{ strategy: 'failover', destinations: ['a', 'b'] }, 1],
    [{ strategy: 'atLeast', least: 2, destinations: ['a', 'b', 'c'] }, 2],
  ])('%j needs %d', (written, least) => {
    const result = read([{ name: 'g', ...written }])
    expect(result).toMatchObject({ ok: true, value: { groups: [{ name: 'g', ...written, least }] } })
  })

  it.each([
    [{}, ': give a list of groups'],
    [['a'], '[0]: give an object with name, strategy and destinations'],
    [[{ strategy: 'all', destinations: ['a'] }], '[0].name: add this key'],
    [[{ name: 'g', strategy: 'any', destinations: ['a'] }], '[0].strategy: give "all", "failover" or "atLeast"'],
    [[{ name: 'g', strategy: 'all', destinations: [] }], '[0].destinations: name at least one'],
    [[{ name: 'g', strategy: 'all', destinations: ['a', 'z'] }], '[0].destinations[1]: name one of the destinations'],
    [[{ name: 'g', strategy: 'all', destinations: ['a', 'a'] }], '[0].destinations[1]: remove this destination here'],
    [[{ name: 'g', strategy: 'all', least: 1, destinations: ['a'] }], '[0].least: remove this key'],
    [[{ name: 'g', strategy: 'atLeast', destinations: ['a'] }], '[0].least: say how many'],
    [[{ name: 'g', strategy: 'atLeast', least: 0, destinations: ['a'] }], '[0].least: give a whole number from 1'],
    [[{ name: 'g', strategy: 'atLeast', least: 2, destinations: ['a'] }], '[0].least: give at most the number'],
    [
      [
        { name: 'g', strategy: 'all', destinations: ['a'] },
        { name: 'h', strategy: 'failover', destinations: ['b', 'a'] },
      ],
      '[1].destinations[1]: remove this destination here',
    ],
    [
      [
        { name: 'g', strategy: 'all', destinations: ['a'] },
        { name: 'g', strategy: 'failover', destinations: ['b'] },
      ],
      '[1].name: give every group a name of its own',
    ],
  ])('%j says what to do', (groups, problem) => {
    expect(read(groups)).toEqual({ ok: false, error: [expect.stringContaining(`PHAROS.groups${problem}`)] })
  })
})

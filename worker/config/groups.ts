import * as v from 'valibot'
import { isObject } from '../../src/protocol/json.ts'
import { matching, oneOf, rules, strictObject, text, wholeNumber } from '../schema/fields.ts'
import type { DestinationGroup } from './types.ts'
import type { Issue } from '../model/issue.ts'

const group = v.pipe(
  strictObject(
    {
      name: matching(/^[A-Za-z0-9_-]{1,64}$/, 'give a short name of letters, digits, "-" and "_"'),
      strategy: oneOf(['all', 'failover', 'atLeast']),
      least: v.exactOptional(wholeNumber(1, 1_000)),
      destinations: v.pipe(
        v.array(text('give the name of a destination'), 'give a list of names of destinations'),
        v.minLength(1, 'name at least one destination'),
      ),
    },
    'give an object with name, strategy and destinations',
  ),
  rules(({ strategy, least, destinations }) => {
    const mistake = (message: string): readonly Issue[] => [{ path: ['least'], message }]
    if (strategy !== 'atLeast')
      return least === undefined ? [] : mistake('remove this key: it is for the strategy "atLeast" only')
    if (least === undefined) return mistake('say how many of the destinations are enough')
    if (Array.isArray(destinations) && typeof least === 'number' && least > destinations.length)
      return mistake('give at most the number of destinations in the group')
    return []
  }),
  v.transform(({ least, ...rest }) => ({ ...rest, least: least ?? needed(rest) })),
)

const needed = ({ strategy, destinations }: Omit<DestinationGroup, 'least'>): number =>
  strategy === 'all' ? destinations.length : 1

export const groups: v.GenericSchema<unknown, readonly DestinationGroup[]> = v.array(
  group,
  'give a list of groups',
) as v.GenericSchema<unknown, readonly DestinationGroup[]>

/** Mistakes in the names of destinations and groups of a configuration. */
export function nameIssues(written: Readonly<Record<string, unknown>>): readonly Issue[] {
  const destinations = namesIn(written['destinations'])
  const groupNames = namesIn(written['groups'])
  const members = listOf(written['groups']).flatMap((group, i) =>
    (isObject(group) ? listOf(group['destinations']) : []).map((name, j) => ({
      name,
      path: ['groups', i, 'destinations', j],
    })),
  )
  const isFirst = (index: number): boolean => members.findIndex(({ name }) => name === members[index]!.name) === index
  return [
    ...repeated(destinations, 'destinations', 'give every destination a name of its own'),
    ...repeated(groupNames, 'groups', 'give every group a name of its own'),
    ...members.flatMap(({ name, path }, index) => {
      if (typeof name !== 'string' || name === '') return []
      if (!destinations.includes(name)) return [{ path, message: 'name one of the destinations' }]
      return isFirst(index) ? [] : [{ path, message: 'remove this destination here: it is in a group already' }]
    }),
  ]
}

const listOf = (list: unknown): readonly unknown[] => (Array.isArray(list) ? list : [])

const namesIn = (list: unknown): readonly unknown[] =>
  listOf(list).map((item) => (isObject(item) ? item['name'] : undefined))

const repeated = (names: readonly unknown[], key: string, message: string): readonly Issue[] =>
  names.flatMap((name, i) =>
    name !== undefined && names.indexOf(name) !== i ? [{ path: [key, i, 'name'], message }] : [],
  )

import type { Change } from '../state/change.ts'
import { backlogOf } from './backlog-of.ts'
import type { FlushPorts } from './flush-ports.ts'

/** Opens the backlogs of new delta destinations, and forgets destinations that are gone or switched off. */
export function syncDestinations({ setup, state, log, metrics, clockMs }: FlushPorts): void {
  const { cursors, deadLetters, backlogs } = state
  const { groups, destinations } = setup()
  const enabled = new Set(groups.flatMap((group) => group.destinations))
  const isDelta = ({ name, temporality }: (typeof destinations)[number]): boolean =>
    temporality === 'delta' && enabled.has(name)
  const wanted = new Set(destinations.filter(isDelta).map(({ name }) => backlogOf(name, groups)))
  const kept = new Set(backlogs.names())
  const gone = [...new Set([...cursors.keys(), ...deadLetters.destinations()])].filter((name) => !enabled.has(name))
  const unwanted = [...kept].filter((backlog) => !wanted.has(backlog))
  const added = [...wanted].filter((backlog) => !kept.has(backlog))
  const changes: Change[] = [
    ...gone.map((destination): Change => ({ type: 'forgetDestination', destination })),
    ...unwanted.map((backlog): Change => ({ type: 'closeBacklog', backlog })),
    ...added.map((backlog): Change => ({ type: 'openBacklog', backlog, sinceMs: clockMs() })),
  ]
  for (const backlog of unwanted) metrics.dropped(backlog, 'removed', backlogs.pending(backlog).size)
  if (changes.length > 0) log.commit(changes)
}

import type { Change } from '../state/change.ts'
import type { ExportPorts } from './flush-ports.ts'
import { trackOf } from './backlog-of.ts'

/** Begins to count for delta destinations that are new, and forgets destinations that are gone or switched off. */
export function attend({ setup, ledger, log, books, clockMs }: ExportPorts): void {
  const { marks, letters, tracks } = ledger
  const { groups, destinations } = setup()
  const enabled = new Set(groups.flatMap((group) => group.destinations))
  const isDelta = ({ name, temporality }: (typeof destinations)[number]): boolean =>
    temporality === 'delta' && enabled.has(name)
  const wanted = new Set(destinations.filter(isDelta).map(({ name }) => trackOf(name, groups)))
  const kept = new Set(tracks.names())
  const gone = [...new Set([...marks.keys(), ...letters.destinations()])].filter((name) => !enabled.has(name))
  const unwanted = [...kept].filter((track) => !wanted.has(track))
  const changes: Change[] = [
    ...gone.map((name): Change => ['forget', name]),
    ...unwanted.map((track): Change => ['untrack', track]),
    ...[...wanted].filter((track) => !kept.has(track)).map((track): Change => ['track', track, clockMs()]),
  ]
  for (const track of unwanted) books.dropped(track, 'removed', tracks.pending(track).size)
  if (changes.length > 0) log.commit(changes)
}

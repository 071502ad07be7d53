import type { DeadLetter } from '../model/aggregator-api.ts'
import type { SeriesKey } from '../model/types.ts'
import type { Change } from '../state/change.ts'
import { backlogOf } from './backlog-of.ts'
import type { FlushPorts } from './flush-ports.ts'

/** The actions of an operator on dead letters. */
export interface DeadLetterAdmin {
  /** Oldest first. */
  readonly list: (destination?: string) => DeadLetter[]
  /** Offers them again: a delta destination gets them with its next window, a cumulative one gets its total anyway. */
  readonly replay: (destination: string, keys?: readonly SeriesKey[]) => number
  /** Removes them, and counts those with a delta as dropped. */
  readonly discard: (destination: string, keys?: readonly SeriesKey[]) => number
}

export function createDeadLetterAdmin({ setup, state, log, metrics }: FlushPorts): DeadLetterAdmin {
  const { deadLetters, totals } = state

  const chosen = (destination: string, keys: readonly SeriesKey[] | undefined): SeriesKey[] => {
    const all = deadLetters.of(destination)
    return keys ? [...new Set(keys)].filter((key) => all.has(key)) : [...all.keys()]
  }

  const removed = (destination: string, key: SeriesKey): Change => ({
    type: 'deadLettersRemoved',
    destination,
    keys: [key],
  })

  return {
    list: (destination) =>
      deadLetters
        .destinations()
        .filter((name) => destination === undefined || name === destination)
        .flatMap((name) =>
          Array.from(deadLetters.of(name), ([key, deadLetter]) => ({
            destination: name,
            key,
            series: totals.seriesOf(key),
            ...deadLetter,
          })),
        )
        .sort((a, b) => a.timeMs - b.timeMs),
    replay: (destination, keys) => {
      const backlog = backlogOf(destination, setup().groups)
      const replayed = chosen(destination, keys)
      const changes = replayed.flatMap((key): Change[] => {
        const { delta } = deadLetters.of(destination).get(key)!
        return [...(delta ? [{ type: 'pending', backlog, key, delta } as const] : []), removed(destination, key)]
      })
      if (changes.length > 0) log.commit(changes)
      return replayed.length
    },
    discard: (destination, keys) => {
      const discarded = chosen(destination, keys)
      const lost = discarded.filter((key) => deadLetters.of(destination).get(key)!.delta).length
      if (discarded.length > 0) log.commit(discarded.map((key) => removed(destination, key)))
      metrics.dropped(destination, 'given_up', lost)
      return discarded.length
    },
  }
}

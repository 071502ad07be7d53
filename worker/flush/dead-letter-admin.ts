import type { SeriesKey } from '../model/types.ts'
import type { Change } from '../state/change.ts'
import type { ExportPorts } from './flush-ports.ts'
import { trackOf } from './backlog-of.ts'
import type { DeadLetter } from '../model/aggregator-api.ts'

/** The actions of an operator on dead letters. */
export interface DeadLetterOffice {
  readonly list: (destination?: string) => DeadLetter[]
  /** Offers them again: a delta destination gets them with its next window, a cumulative one gets its total anyway. */
  readonly replay: (destination: string, keys?: readonly SeriesKey[]) => number
  readonly giveUp: (destination: string, keys?: readonly SeriesKey[]) => number
}

export function createDeadLetterOffice({ setup, ledger, log, books }: ExportPorts): DeadLetterOffice {
  const { letters, totals } = ledger

  const chosen = (destination: string, keys: readonly SeriesKey[] | undefined): SeriesKey[] => {
    const all = letters.of(destination)
    return keys ? keys.filter((key, i) => all.has(key) && keys.indexOf(key) === i) : [...all.keys()]
  }

  return {
    list: (destination) =>
      letters
        .destinations()
        .filter((name) => destination === undefined || name === destination)
        .flatMap((name) =>
          Array.from(letters.of(name), ([key, letter]) => ({
            destination: name,
            key,
            series: totals.seriesOf(key),
            ...letter,
          })),
        )
        .sort((a, b) => a.timeMs - b.timeMs),
    replay: (destination, keys) => {
      const track = trackOf(destination, setup().groups)
      const replayed = chosen(destination, keys)
      const changes = replayed.flatMap((key): Change[] => {
        const { delta } = letters.of(destination).get(key)!
        return [...(delta ? [['pending', track, key, delta] as const] : []), ['unletter', destination, [key]]]
      })
      if (changes.length > 0) log.commit(changes)
      return replayed.length
    },
    giveUp: (destination, keys) => {
      const given = chosen(destination, keys)
      const lost = given.filter((key) => letters.of(destination).get(key)!.delta).length
      if (given.length > 0) log.commit(given.map((key): Change => ['unletter', destination, [key]]))
      books.dropped(destination, 'given_up', lost)
      return given.length
    },
  }
}

import { describe, expect, it } from 'vitest'
import { Aggregator } from '../../worker/aggregator/aggregator.ts'
import { createWorker } from '../../worker/create-worker.ts'
import { DESTINATIONS } from '../../worker/destinations/kinds.ts'
import type { DestinationDefinition } from '../../worker/model/destination-definition.ts'
import { script } from './http/ask.ts'

const own = (kind: string): DestinationDefinition => ({ ...DESTINATIONS[0]!, kind })
const namesOf = ({ kinds }: typeof Aggregator): readonly string[] => kinds.map(({ kind }) => kind)

describe('createWorker', () => {
  it.each([[[]], [['mine']], [['mine', 'yours']]])('gives its object the built-in kinds and %j', (names) => {
    const worker = createWorker({ script, destinations: names.map(own) })
    expect(namesOf(worker.Aggregator)).toEqual([...DESTINATIONS.map(({ kind }) => kind), ...names])
    expect(worker.Aggregator.prototype).toBeInstanceOf(Aggregator)
    // One worker does not change another, nor the class that the package exports.
    expect(namesOf(Aggregator)).toEqual(DESTINATIONS.map(({ kind }) => kind))
  })

  it.each([[['http']], [['mine', 'mine']]])('refuses %j', (names) => {
    expect(() => createWorker({ script, destinations: names.map(own) })).toThrow('give yours another name')
  })
})

import { describe, expect, it } from 'vitest'
import { createExporter } from '../../../worker/destinations/create-exporter.ts'
import { defineDestination } from '../../../worker/destinations/define-destination.ts'
import type { DestinationDefinition } from '../../../worker/model/destination-definition.ts'
import type { Exporter } from '../../../worker/model/types.ts'
import { snapshotOf, testConfig, testDestinationBase } from '../../contract/snapshots.ts'

const exporterOf = (temporality: Exporter['temporality']): Exporter => ({
  temporality,
  protocol: 'own',
  encode: () => [],
  encodeOnly: () => [],
  readAnswer: () => ({ type: 'accepted' }),
})

const kindWith = (temporality: DestinationDefinition['temporality'], create: () => Exporter): DestinationDefinition =>
  defineDestination({ kind: 'own', address: 'whole', temporality, schema: {}, createExporter: create })

const settings = { ...testDestinationBase, kind: 'own', url: 'https://receiver.example/in' }

const throwing = (): never => {
  throw new TypeError('no region')
}

describe('the exporter of a destination', () => {
  it.each<[DestinationDefinition['temporality'], object, Exporter['temporality']]>([
    ['cumulative', {}, 'cumulative'],
    ['delta', {}, 'delta'],
    ['either', { temporality: 'delta' }, 'delta'],
    ['either', { temporality: 'cumulative' }, 'cumulative'],
    ['either', {}, 'cumulative'],
  ])('is what the kind makes: %s with %j', (temporality, written, made) => {
    const exporter = exporterOf(made)
    const kind = kindWith(temporality, () => exporter)
    expect(createExporter(kind, { ...settings, ...written }, testConfig())).toBe(exporter)
  })

  it.each<[string, DestinationDefinition['temporality'], () => Exporter, string]>([
    ['throws', 'delta', throwing, 'TypeError: no region'],
    ['throws', 'cumulative', throwing, 'TypeError: no region'],
    [
      'makes another temporality',
      'delta',
      () => exporterOf('cumulative'),
      'it is of the temporality "cumulative", and should be "delta"',
    ],
    ['makes nothing', 'cumulative', () => undefined as unknown as Exporter, 'TypeError: '],
  ])('fails with every push, in its temporality, when the kind %s (%s)', (...[, temporality, create, reason]) => {
    const exporter = createExporter(kindWith(temporality, create), settings, testConfig())
    expect(exporter.temporality).toBe(temporality)
    const message = 'createExporter of the kind "own" failed: '
    for (const encode of [
      () => exporter.encode(snapshotOf()),
      () => exporter.encodeOnly(snapshotOf(), 'values', new Set()),
    ]) {
      expect(encode).toThrow(message)
      expect(encode).toThrow(reason)
    }
  })
})

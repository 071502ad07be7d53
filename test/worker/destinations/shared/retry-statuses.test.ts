import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../../worker/config/read-config.ts'
import { DESTINATIONS, kindOf } from '../../../../worker/destinations/kinds.ts'
import type { Exporter } from '../../../../worker/model/types.ts'

const url = 'https://receiver.example/in'

const exporterOf = (destination: object): Exporter => {
  const config = readConfig({ PHAROS: { destinations: [{ name: 'main', ...destination }] } })
  if (!config.ok) throw new Error(config.error.join('\n'))
  const settings = config.value.destinations[0]!
  return kindOf(DESTINATIONS, settings.kind).createExporter(settings, config.value)
}

/** Each status of '429 500-599'. */
const statusesOf = (ranges: string): ReadonlySet<number> =>
  new Set(
    ranges.split(' ').flatMap((range) => {
      const [from, to = from] = range.split('-').map(Number)
      return Array.from({ length: to! - from! + 1 }, (_, i) => from! + i)
    }),
  )

const DEFAULT = '408 425 429 500 502-504 520-524'
const CASES: readonly (readonly [kind: string, destination: object, retried: string])[] = [
  ['http', { kind: 'http', url }, DEFAULT],
  ['archive', { kind: 'archive', bucket: 'ARCHIVE' }, DEFAULT],
  ['pushgateway', { kind: 'pushgateway', url, job: 'pharos' }, DEFAULT],
  ['remote-write 1.0', { kind: 'prometheus', url }, '429 500-599'],
  ['remote-write 2.0', { kind: 'prometheus', url, version: '2.0' }, '429 500-599'],
  ['otlp', { kind: 'otlp', url }, '429 502-504'],
  ['datadog', { kind: 'datadog' }, '408 429 500-599'],
  ['newrelic', { kind: 'newrelic' }, '408 429 500-599'],
]

describe('the meaning of every status', () => {
  it.each(CASES)('%s', (kind, destination, retried) => {
    const { readAnswer } = exporterOf(destination)
    const isRetried = statusesOf(retried)
    for (let status = 200; status < 600; status++) {
      // Remote-write 2.0 counts as accepted only what is said to be written; a 415 means that the receiver does not speak it.
      const { type } = readAnswer({ status, header: () => '1', body: new Uint8Array() })
      const expected = status < 300 ? 'accepted' : isRetried.has(status) ? 'retry' : 'refused'
      expect([status, type]).toEqual([status, kind === 'remote-write 2.0' && status === 415 ? 'unsupported' : expected])
    }
  })
})

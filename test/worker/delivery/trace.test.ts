import { describe, expect, it } from 'vitest'
import type { Config } from '../../../worker/config/types.ts'
import { deliverWith } from '../../../worker/delivery/destination.ts'
import { createTrace } from '../../../worker/delivery/trace.ts'
import type { CumulativeDestination } from '../../../worker/delivery/destination-api.ts'
import type { ExportRequest } from '../../../worker/model/types.ts'
import { counterOf, snapshotOf, testConfig, testDestination } from '../../contract/snapshots.ts'
import { createFakeExporter } from './fake-exporter.ts'
import { createFakeWorld, type FakeWorld, requestOf, utf8 } from './fake-world.ts'
import { pushSnapshot } from './pushing.ts'

async function traced(debug: Config['debug']): Promise<FakeWorld> {
  const world = createFakeWorld((_call, index) => (index === 0 ? { status: 503, body: 'no s3cret' } : 204), {
    config: testConfig({ debug }),
    secret: () => 's3cret',
  })
  const credentials = [{ header: 'authorization', secret: 'TOKEN', scheme: 'bearer' }] as const
  const exporter = createFakeExporter({ temporality: 'cumulative' })
  const destination = deliverWith(exporter, testDestination({ credentials }), world) as CumulativeDestination
  await pushSnapshot(destination, snapshotOf(counterOf('x', 1, { attributes: { key: 's3cret' } })))
  return world
}

function bodyOf(changes: Partial<ExportRequest>): unknown {
  const lines: Readonly<Record<string, unknown>>[] = []
  const trace = createTrace({
    destination: 'main',
    debug: 'payloads',
    log: (line) => void lines.push(line),
    redact: (text) => text,
  })
  const request = requestOf(changes)
  trace({ request, outgoing: request, number: 1 }, { type: 'accepted' }, 0)
  return lines[0]!['body']
}

describe('createTrace', () => {
  it('is silent unless asked', async () => {
    expect((await traced('off')).lines).toEqual([])
  })

  it('logs every try, without query, body or secret', async () => {
    const { lines, calls } = await traced('exports')
    const line = {
      message: 'export',
      destination: 'main',
      method: 'POST',
      address: 'receiver.example/write',
      bytes: calls[0]!.body.byteLength,
      series: 1,
      ms: 0,
    }
    expect(lines).toEqual([
      { ...line, outcome: 'retry', status: 503, error: '503: no [secret]', try: 1 },
      { ...line, outcome: 'accepted', status: 204, try: 2 },
    ])
  })

  it('logs bodies when asked, redacted', async () => {
    const { lines } = await traced('payloads')
    expect(lines.map(({ body }) => body)).toEqual(
      Array(2).fill(expect.stringMatching(/^\{"protocol":"fake".*\[secret\]/)),
    )
    expect(JSON.stringify(lines)).not.toContain('s3cret')
  })

  const text = utf8('é'.repeat(5_000))
  it.each<[string, Partial<ExportRequest>, string]>([
    ['JSON', { headers: { 'content-type': 'application/json' }, body: text }, 'é'.repeat(4_000)],
    [
      'JSON that is compressed on its way',
      { headers: { 'content-type': 'application/x-ndjson' }, encoding: 'gzip' },
      '\x01\x02\x03',
    ],
    ['CSV', { headers: { 'content-type': 'text/csv' } }, '\x01\x02\x03'],
    ['JSON in a coding', { headers: { 'content-type': 'application/json', 'content-encoding': 'deflate' } }, 'AQID'],
    [
      'protobuf',
      { headers: { 'content-type': 'application/x-protobuf' }, body: new Uint8Array(2_000) },
      'A'.repeat(2_000),
    ],
    ['what says nothing of itself', { headers: {} }, 'AQID'],
  ])('shows %s', (_what, changes, expected) => {
    expect(bodyOf(changes)).toBe(expected)
  })

  it('lets no failing log fail a request', async () => {
    const world = createFakeWorld(() => 204, {
      config: testConfig({ debug: 'exports' }),
      log: () => {
        throw new Error('no room')
      },
    })
    const exporter = createFakeExporter({ temporality: 'cumulative' })
    const destination = deliverWith(exporter, testDestination(), world) as CumulativeDestination
    expect(await pushSnapshot(destination, snapshotOf(counterOf('x', 1)))).toMatchObject({
      outcome: 'accepted',
    })
  })
})

import { describe, expect, it, vi } from 'vitest'
import { createRowsExporter, type RowsOptions } from '../../../../worker/destinations/shared/rows-exporter.ts'
import type { ExportRequest, Snapshot } from '../../../../worker/model/types.ts'
import { counterOf, snapshotOf, testConfig } from '../../../contract/snapshots.ts'

const request = (keys: readonly string[]): ExportRequest => ({
  method: 'POST',
  url: 'memory:main',
  headers: {},
  body: new Uint8Array(),
  encoding: 'identity',
  keys,
  inDoubt: 'resend',
})

/** A request for each row. */
const requestsOf = vi.fn<RowsOptions['requestsOf']>((rows) => rows.map(({ keys }) => request(keys)))

const exporterOf = (changes: Partial<RowsOptions> = {}) =>
  createRowsExporter({ temporality: 'delta', protocol: 'rows', all: testConfig(), requestsOf, ...changes })

const a = counterOf('a', 1)
const b = counterOf('b', 1)
const c = counterOf('c', 1)
const snapshot: Snapshot = snapshotOf(c, a, b)

describe('an exporter of rows', () => {
  it('has its temporality and its protocol', () => {
    expect(exporterOf({ temporality: 'cumulative' })).toMatchObject({ temporality: 'cumulative', protocol: 'rows' })
  })

  it('sends all rows, sorted, in one step of values', () => {
    const requests = [a, b, c].map(({ key }) => request([key]))
    expect(exporterOf().encode(snapshot)).toEqual([{ name: 'values', requests }])
    expect(requestsOf).toHaveBeenLastCalledWith(expect.anything(), snapshot)
  })

  it.each([
    ['no series', snapshotOf(), undefined],
    ['rows that make no request', snapshot, () => []],
  ])('has no step for %s', (_, given, none) => {
    expect(exporterOf(none && { requestsOf: none }).encode(given)).toEqual([])
  })

  it.each([
    ['none', [], []],
    ['one', [b], [b]],
    ['two, in the order of all', [c, a], [a, c]],
    ['one that is not there', [counterOf('d', 1)], []],
  ])('sends the rows of some series again: %s', (_, wanted, sent) => {
    const keys = new Set(wanted.map(({ key }) => key))
    expect(exporterOf().encodeOnly(snapshot, 'values', keys)).toEqual(sent.map(({ key }) => request([key])))
  })

  it('gives a request again from its keys', () => {
    const exporter = exporterOf()
    for (const one of exporter.encode(snapshot)[0]!.requests)
      expect(exporter.encodeOnly(snapshot, 'values', new Set(one.keys))).toEqual([one])
  })

  it('has nothing to send as zeros', () => {
    expect(exporterOf().encodeOnly(snapshot, 'zeros', new Set([a.key]))).toEqual([])
  })

  it('leaves the resource out of rows where it is no label', () => {
    const all = testConfig({ resourceLabels: { service: false, release: false } })
    const shared = ['x', 'y'].map((service) => counterOf('a', 1, { service }))
    const [step] = exporterOf({ all }).encode(snapshotOf(...shared))
    expect(step!.requests.map(({ keys }) => keys)).toEqual([shared.map(({ key }) => key)])
  })

  it.each([
    [undefined, [503, 429], [400, 418, 505]],
    [[418], [418], [503, 429]],
    [[], [], [503]],
  ])('with the statuses %j may try again after %j', (retryStatuses, retried, refused) => {
    const { readAnswer } = exporterOf(retryStatuses && { retryStatuses })
    const read = (status: number): string =>
      readAnswer({ status, header: () => undefined, body: new Uint8Array() }).type
    expect(retried.map(read)).toEqual(retried.map(() => 'retry'))
    expect(refused.map(read)).toEqual(refused.map(() => 'refused'))
    expect([200, 204].map(read)).toEqual(['accepted', 'accepted'])
  })
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createArchiveExporter } from '../../../../worker/destinations/archive/exporter.ts'
import type { ArchiveConfig } from '../../../../worker/destinations/archive/config.ts'
import type { Exporter, ExportRequest, Snapshot, SnapshotSeries } from '../../../../worker/model/types.ts'
import { readCsvRows, readJsonLines, type ReadRow } from './archive-reader.ts'
import { readCsv } from './csv-reader.ts'
import { counterOf, gaugeOf, histogramOf, testConfig } from '../../../contract/snapshots.ts'
import { archive, FORMATS, READERS } from './subjects.ts'

const windowOf = (timeMs: number, ...series: readonly SnapshotSeries[]): Snapshot => ({
  temporality: 'delta',
  previousMs: timeMs - 10_000,
  timeMs,
  series,
})

const requestsOf = (exporter: Exporter, snapshot: Snapshot): readonly ExportRequest[] =>
  exporter.encode(snapshot).flatMap(({ requests }) => requests)

const hostile = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', ' ', '=', "'", ';', '\t', 'a'), maxLength: 12 }),
)

describe('archive', () => {
  it('writes a row for each series, as JSON lines', () => {
    const [request] = requestsOf(
      createArchiveExporter(archive(), testConfig({ metrics: { clicks: { unit: '1' } } })),
      windowOf(
        Date.UTC(2026, 10, 21, 8, 24, 0, 123),
        histogramOf('latency', [0, 1, 2, -4]),
        counterOf('clicks', 3, { service: 'shop', release: '1', attributes: { page: '/' } }),
      ),
    )
    expect(
      new TextDecoder()
        .decode(request!.body)
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      {
        time: '2026-11-21T08:24:00.123Z',
        start: '2026-11-21T08:23:50.123Z',
        kind: 'counter',
        name: 'clicks',
        unit: '1',
        service: 'shop',
        release: '1',
        attributes: { page: '/' },
        value: 3,
      },
      {
        time: '2026-11-21T08:24:00.123Z',
        start: '2026-11-21T08:23:50.123Z',
        kind: 'histogram',
        name: 'latency',
        service: '',
        release: '',
        attributes: {},
        count: 4,
        sum: -1,
        scale: 8,
        zero: 1,
        positive: [
          [-1, 1],
          [255, 1],
        ],
        negative: [[511, 1]],
      },
    ])
  })

  it('writes the same as CSV, attributes as columns', () => {
    const [request] = requestsOf(
      createArchiveExporter(archive({ format: 'csv' }), testConfig()),
      windowOf(
        20_000,
        counterOf('a', 1, { attributes: { time: 'x,"y"', b: '=1+1' } }),
        histogramOf('h', [1], { attributes: { c: ' ' } }),
      ),
    )
    expect(new TextDecoder().decode(request!.body)).toBe(
      'time,start,kind,name,unit,service,release,value,count,sum,scale,zero,positive,negative,attribute_b,attribute_c,attribute_time\r\n' +
        '1970-01-01T00:00:20.000Z,1970-01-01T00:00:10.000Z,counter,a,,,,1,,,,,,,=1+1,,"x,""y"""\r\n' +
        '1970-01-01T00:00:20.000Z,1970-01-01T00:00:10.000Z,histogram,h,,,,,1,1,8,0,"[[-1,1]]",[],," ",\r\n',
    )
  })

  it('names a file by its window and its series, and says what it is', () => {
    const timeMs = Date.UTC(2026, 1, 3, 4, 5, 6, 7)
    const name = (changes: Partial<ArchiveConfig>): string => {
      const [request] = requestsOf(
        createArchiveExporter(archive(changes), testConfig()),
        windowOf(timeMs, counterOf('a', 1)),
      )
      const { method, url, headers, encoding, inDoubt } = request!
      expect({ method, inDoubt }).toEqual({ method: 'PUT', inDoubt: 'resend' })
      return `${url} ${headers['content-type']} ${encoding}`
    }
    const folder = 'r2://ARCHIVE/pharos/lake/2026/02/03/20260203T040506.007Z-'
    expect(name({})).toMatch(new RegExp(`^${folder}[0-9a-f]{16}\\.jsonl application/x-ndjson identity$`))
    expect(name({ format: 'csv' })).toMatch(/\.csv text\/csv; charset=utf-8 identity$/)
    expect(name({ compression: 'gzip' })).toMatch(/\.jsonl\.gz application\/gzip gzip$/)
    expect(name({ path: 'a b/#?%/{time}{part}' })).toMatch(/^r2:\/\/ARCHIVE\/a%20b\/%23%3F%25\/20260203/)
  })

  it('gives no two files of any window one name', () => {
    const exporter = createArchiveExporter(archive({ maxSeriesPerRequest: 1 }), testConfig())
    const series = Array.from({ length: 1_000 }, (_, i) => counterOf('a', 1, { attributes: { i } }))
    const urls = [10_000, 10_001].flatMap((timeMs) =>
      requestsOf(exporter, windowOf(timeMs, ...series)).map(({ url }) => url),
    )
    expect(new Set(urls).size).toBe(2_000)
  })

  it.each(FORMATS)('cuts files at rotateBytes, %s, and gives each again', (format) => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), hostile), { maxLength: 30 }),
        fc.integer({ min: 1, max: 3_000 }),
        (all, rotateBytes) => {
          const exporter = createArchiveExporter(archive({ format, rotateBytes }), testConfig())
          const snapshot = windowOf(
            20_000,
            ...all.map((own, i) => counterOf('n', 1, { attributes: { ...cleaned(own), i } })),
          )
          const files = requestsOf(exporter, snapshot)
          expect(files.flatMap(({ body }) => READERS[format](body))).toHaveLength(all.length)
          for (const file of files) {
            const isOneRow = READERS[format](file.body).length === 1
            expect(isOneRow || file.body.length <= rotateBytes).toBe(true)
            expect(exporter.encodeOnly(snapshot, 'values', new Set(file.keys))).toEqual([file])
          }
        },
      ),
    )
  })

  it('leaves a cell empty where a row has no such attribute, whatever its name', () => {
    const series = [counterOf('a', 1, { attributes: { constructor: 'x', toString: 'y' } }), counterOf('b', 1)]
    const [request] = requestsOf(
      createArchiveExporter(archive({ format: 'csv' }), testConfig()),
      windowOf(20_000, ...series),
    )
    const [first, second] = readCsvRows(request!.body)
    expect(first!.attributes).toEqual({ constructor: 'x', toString: 'y' })
    expect(Object.keys(second!.attributes)).toEqual([])
  })

  it('has nothing for a step it does not have', () => {
    const one = counterOf('a', 1, { phase: 'new' })
    const exporter = createArchiveExporter(archive(), testConfig())
    expect(exporter.encode(windowOf(20_000, one)).map(({ name }) => name)).toEqual(['values'])
    expect(exporter.encodeOnly(windowOf(20_000, one), 'zeros', new Set([one.key]))).toEqual([])
  })

  it('adds up series that only a switched-off part of the resource keeps apart', () => {
    const exporter = createArchiveExporter(archive(), testConfig({ resourceLabels: { service: false, release: true } }))
    const [request] = requestsOf(
      exporter,
      windowOf(20_000, counterOf('a', 0.1, { service: 'x' }), counterOf('a', 0.2, { service: 'y' })),
    )
    expect(readJsonLines(request!.body)).toMatchObject([{ name: 'a', service: '', value: 0.1 + 0.2 }])
    expect(request!.keys).toHaveLength(2)
  })

  const anyWindow = fc.array(
    fc.record({
      page: hostile.map((text) => cleaned({ text })['text'] ?? 'none'),
      clicks: fc.integer({ min: 1, max: 1_000_000 }),
      // Multiples of 2^-10 add up without rounding.
      seconds: fc.array(
        fc.integer({ min: -100_000, max: 1_000_000 }).map((n) => n / 1_024),
        { minLength: 1, maxLength: 5 },
      ),
    }),
    { maxLength: 8 },
  )

  it.each(FORMATS)('reads back to the same totals over any windows, %s', (format) => {
    fc.assert(
      fc.property(
        fc.array(anyWindow, { maxLength: 6 }),
        fc.integer({ min: 200, max: 2_000 }),
        (windows, rotateBytes) => {
          const exporter = createArchiveExporter(archive({ format, rotateBytes }), testConfig())
          const bucket = new Map<string, Uint8Array>()
          const expected = { clicks: 0, count: 0, sum: 0, gauge: 0 }
          for (const [i, window] of windows.entries()) {
            const pages = [...new Map(window.map((one) => [one.page, one])).values()]
            const series = pages.flatMap(({ page, clicks, seconds }) => [
              counterOf('clicks', clicks, { attributes: { page } }),
              histogramOf('latency', seconds, { attributes: { page } }),
            ])
            for (const { clicks, seconds } of pages) {
              expected.clicks += clicks
              expected.count += seconds.length
              expected.sum += seconds.reduce((sum, one) => sum + one, 0)
            }
            expected.gauge = i
            for (const { url, body } of requestsOf(
              exporter,
              windowOf(10_000 * (i + 1), ...series, gaugeOf('level', i)),
            )) {
              expect(bucket.has(url)).toBe(false)
              bucket.set(url, body)
            }
          }
          const rows = [...bucket.values()].flatMap((body) => READERS[format](body))
          const total = (name: string, field: 'value' | 'count' | 'sum'): number =>
            rows.filter((row) => row.name === name).reduce((sum, row) => sum + row[field]!, 0)
          const last = rows.filter(({ name }) => name === 'level').reduce<ReadRow | undefined>((latest, row) => (latest && latest.time > row.time ? latest : row), undefined) // prettier-ignore
          expect({
            clicks: total('clicks', 'value'),
            count: total('latency', 'count'),
            sum: total('latency', 'sum'),
            gauge: last?.value ?? 0,
          }).toEqual(expected)
        },
      ),
    )
  })
})

describe('the CSV reader of these tests', () => {
  it('reads what RFC 4180 shows', () => {
    expect(readCsv('aaa,bbb,ccc\r\n"b ""x""","b\r\nb",\r\n')).toEqual([
      ['aaa', 'bbb', 'ccc'],
      ['b "x"', 'b\r\nb', ''],
    ])
  })

  it.each(['a', 'a\n', 'a\r', '"a\r\n', '"a"b\r\n', 'a"b\r\n', 'a,b\r\nc\r\n'])('refuses %j', (text) => {
    expect(() => readCsv(text)).toThrow(/neither a comma|not closed|fields/)
  })
})

function cleaned(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, text]) => [name, text.replace(/[\p{Cc}\p{Cs}]/gu, '').slice(0, 120)]),
  )
}

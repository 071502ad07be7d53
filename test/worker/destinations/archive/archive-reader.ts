import { readCsv } from './csv-reader.ts'
import type { Decoded } from '../../../contract/exporter-contract.ts'

/** A row as it was read back, numbers and lists out of their text. */
export interface ReadRow {
  readonly time: string
  readonly start: string
  readonly kind: string
  readonly name: string
  readonly unit?: string
  readonly service: string
  readonly release: string
  readonly attributes: Readonly<Record<string, string>>
  readonly value?: number
  readonly count?: number
  readonly sum?: number
  readonly scale?: number
  readonly zero?: number
  readonly positive?: readonly (readonly [number, number])[]
  readonly negative?: readonly (readonly [number, number])[]
  readonly ended?: boolean
}

const TEXT_COLUMNS = ['time', 'start', 'kind', 'name', 'unit', 'service', 'release']
const JSON_COLUMNS = ['value', 'count', 'sum', 'scale', 'zero', 'positive', 'negative']

export function readJsonLines(bytes: Uint8Array): ReadRow[] {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line has no end')
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as ReadRow)
}

export function readCsvRows(bytes: Uint8Array): ReadRow[] {
  const [header = [], ...records] = readCsv(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  const fixed = [...TEXT_COLUMNS, ...JSON_COLUMNS]
  if (header.slice(0, fixed.length).join() !== fixed.join()) throw new Error(`unknown header ${header.join()}`)
  if (new Set(header).size !== header.length) throw new Error('two columns of one name')
  return records.map((record) => {
    const cells = header.map((column, i) => [column, record[i]!] as const)
    const filled = cells.filter(([, cell]) => cell !== '')
    const attributes = filled.filter(([column]) => column.startsWith('attribute_'))
    return {
      service: '',
      release: '',
      ...Object.fromEntries(filled.filter(([column]) => TEXT_COLUMNS.includes(column))),
      ...Object.fromEntries(
        filled.filter(([column]) => JSON_COLUMNS.includes(column)).map(([column, cell]) => [column, JSON.parse(cell)]),
      ),
      attributes: Object.fromEntries(attributes.map(([column, cell]) => [column.slice('attribute_'.length), cell])),
    } as ReadRow
  })
}

const bucketCount = (buckets: ReadRow['positive'] = []): number => buckets.reduce((sum, [, count]) => sum + count, 0)

/** For the contract suite. A blank tells service and release from attributes of the same name. */
export function decodeRow(row: ReadRow): Decoded {
  const {
    name,
    time,
    start,
    service,
    release,
    attributes,
    value,
    count,
    sum,
    zero = 0,
    positive,
    negative,
    ended = false,
  } = row
  const labels = { ...attributes, ' service': service, ' release': release }
  const base = { name, labels, timeMs: Date.parse(time), startMs: Date.parse(start), ended }
  if (row.kind !== 'histogram') return { ...base, value: value! }
  if (count !== zero + bucketCount(positive) + bucketCount(negative))
    throw new Error('buckets do not add up to the count')
  return { ...base, value: count, sum: sum! }
}

export const countAndSum = ([only]: readonly Decoded[]): { count: number; sum: number } => ({
  count: Number(only!.value),
  sum: only!.sum!,
})

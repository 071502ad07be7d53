/** Reads archive files as a user would: by their names and by nothing of ours. */
import { gunzipSync } from 'node:zlib'

export interface ArchiveFile {
  /** Its name says what it is: `.jsonl` or `.csv`, and `.gz` after it. */
  readonly key: string
  readonly body: Uint8Array
}

/** A line of an archive; a number is NaN where the line has none. */
export interface ArchivedRow {
  readonly name: string
  readonly kind: string
  readonly time: string
  readonly start: string
  readonly attributes: Readonly<Record<string, string>>
  readonly value: number
  readonly count: number
  readonly sum: number
  readonly scale: number
  readonly zero: number
  /** Index and count. */
  readonly positive: readonly (readonly [number, number])[]
}

/** All rows of some files, in the order of the files' names. */
export const readArchive = (files: readonly ArchiveFile[]): readonly ArchivedRow[] =>
  [...files].sort((a, b) => (a.key < b.key ? -1 : 1)).flatMap(readFile)

/** Quotes and all, as RFC 4180 says. @returns one record of texts by column for every line but the header */
export function parseCsv(text: string): readonly Readonly<Record<string, string>>[] {
  const records: string[][] = [[]]
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text)
    if (!found) throw new Error(`no CSV at ${cell.lastIndex}`)
    const [, quoted, bare = '', end] = found
    records.at(-1)!.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'))
    if (end !== ',') records.push([])
  }
  const [header = [], ...lines] = records.filter((record) => record.length > 0)
  return lines.map((line) => {
    if (line.length !== header.length) throw new Error(`${line.length} cells under ${header.length} columns`)
    return Object.fromEntries(header.map((column, i) => [column, line[i]!]))
  })
}

function readFile({ key, body }: ArchiveFile): readonly ArchivedRow[] {
  const text = (key.endsWith('.gz') ? gunzipSync(body) : Buffer.from(body)).toString('utf8')
  const format = /\.(jsonl|csv)(\.gz)?$/.exec(key)?.[1]
  if (format === 'csv') return parseCsv(text).map(fromCsv)
  if (format !== 'jsonl') throw new Error(`what is ${key}?`)
  if (!text.endsWith('\n')) throw new Error(`${key} ends in the middle of a line`)
  return text
    .trimEnd()
    .split('\n')
    .map((line) => fromJson(JSON.parse(line) as Partial<ArchivedRow>))
}

function fromCsv(record: Readonly<Record<string, string>>): ArchivedRow {
  const { name = '', kind = '', time = '', start = '', positive = '' } = record
  const numberOf = (column: string): number => (record[column] ? Number(record[column]) : NaN)
  return {
    name,
    kind,
    time,
    start,
    attributes: Object.fromEntries(
      Object.entries(record)
        .filter(([column, text]) => column.startsWith('attribute_') && text !== '')
        .map(([column, text]) => [column.slice('attribute_'.length), text]),
    ),
    value: numberOf('value'),
    count: numberOf('count'),
    sum: numberOf('sum'),
    scale: numberOf('scale'),
    zero: numberOf('zero'),
    positive: positive === '' ? [] : (JSON.parse(positive) as [number, number][]),
  }
}

const fromJson = (row: Partial<ArchivedRow>): ArchivedRow => ({
  name: '',
  kind: '',
  time: '',
  start: '',
  attributes: {},
  value: NaN,
  count: NaN,
  sum: NaN,
  scale: NaN,
  zero: NaN,
  positive: [],
  ...row,
})

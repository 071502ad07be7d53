import type { Lines } from '../shared/json-lines.ts'
import type { Row } from '../shared/rows.ts'

const COLUMNS = [
  'time',
  'start',
  'kind',
  'name',
  'unit',
  'service',
  'release',
  'value',
  'count',
  'sum',
  'scale',
  'zero',
  'positive',
  'negative',
] as const

/** Put before the name of an attribute, so that none can be taken for a column of ours. */
const ATTRIBUTE_PREFIX = 'attribute_'

/**
 * Rows as CSV with a header, lines ended by CRLF: the columns above, then `attribute_…` for every attribute in the file, sorted.
 * Buckets are JSON in one cell. A missing value is an empty cell; no attribute has an empty value, so there is no
 * doubt. A value that a spreadsheet would take for a formula (`=`, `+`, `-`, `@`) stays as it is: this is data, and with
 * anything put before it, it would be another value. Import such a file as text.
 * Source: RFC 4180.
 */
export function csvLines(rows: readonly Row[]): Lines {
  const names = attributeNames(rows)
  return { head: headOf(names), lines: rows.map((row) => lineOf(row, names)) }
}

const attributeNames = (rows: readonly Row[]): string[] =>
  [...new Set(rows.flatMap(({ attributes }) => Object.keys(attributes)))].sort()

const headOf = (names: readonly string[]): string =>
  record([...COLUMNS, ...names.map((name) => `${ATTRIBUTE_PREFIX}${name}`)])

function lineOf(row: Row, names: readonly string[]): string {
  const { attributes } = row
  const fields: Partial<Record<(typeof COLUMNS)[number], unknown>> = row
  return record([
    ...COLUMNS.map((column) => fields[column]),
    ...names.map((name) => (Object.hasOwn(attributes, name) ? attributes[name] : undefined)),
  ])
}

const record = (cells: readonly unknown[]): string => `${cells.map(cellOf).join(',')}\r\n`

function cellOf(value: unknown): string {
  if (value === undefined) return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  // Spaces at an end are data (RFC 4180, 2.4), and many readers keep them only in quotes.
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

import type { Row } from './rows.ts'

/** A file of rows. */
export interface Lines {
  /** The text before the rows; '' for none. */
  readonly head: string
  /** One for each row, in order. With fewer rows in the file neither the head nor any line is longer. */
  readonly lines: readonly string[]
}

/** One JSON text and a line feed (jsonlines.org): JSON.stringify leaves no raw line feed inside. */
export const jsonLine = (value: unknown): string => `${JSON.stringify(value)}\n`

export const jsonLines = (rows: readonly Row[]): Lines => ({ head: '', lines: rows.map(jsonLine) })

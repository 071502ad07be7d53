import { decodeChange, encodeChange, type Change } from '../state/change.ts'

/**
 * Characters after which a row is closed. A character is at most 3 bytes of UTF-8 and a change at most some 100 kB, so a
 * row stays below the 2 MB of a Durable Object (Durable Objects, "Limits").
 */
export const ROW_CHARS: number = 512 * 1024

/** Changes as the bodies of rows: JSON arrays. At least one row, also for no change. */
export function packRows(changes: Iterable<Change>): string[] {
  const rows: string[] = []
  let texts: string[] = []
  let chars = 0
  for (const change of changes) {
    const text = JSON.stringify(encodeChange(change))
    texts.push(text)
    chars += text.length
    if (chars < ROW_CHARS) continue
    rows.push(`[${texts.join()}]`)
    texts = []
    chars = 0
  }
  if (texts.length > 0 || rows.length === 0) rows.push(`[${texts.join()}]`)
  return rows
}

export const unpackRow = (row: string): Change[] => (JSON.parse(row) as (readonly unknown[])[]).map(decodeChange)

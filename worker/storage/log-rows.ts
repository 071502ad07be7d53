import type { Change } from '../state/change.ts'
import { decodeChange } from '../state/decode-change.ts'
import { encodeChange } from '../state/encode-change.ts'
import type { StoredChange } from '../state/stored-change.ts'

/**
 * Characters after which a row is closed. A character is at most 3 bytes of UTF-8 and a change at most some 100 kB, so a
 * row stays below the 2 MB that SQLite takes in a Durable Object
 * (https://developers.cloudflare.com/durable-objects/platform/limits/#sqlite-backed-durable-objects-general-limits).
 */
export const ROW_CHARS: number = 512 * 1024

/** The changes as the bodies of rows, which are JSON arrays. Without a change there is one empty row. */
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

export const unpackRow = (row: string): Change[] => (JSON.parse(row) as StoredChange[]).map(decodeChange)

import type { FrozenSessions, Generation } from '../state/dedupe/cold-sessions.ts'

/** Slots of the log. When they are used up a snapshot is written and they are used again, so no row is ever deleted. */
export const LOG_SLOTS = 2_000

/** Characters of log after which a snapshot is written. They bound how much a restart must replay. */
export const LOG_CHARS = 16_000_000

/** Generations and rows share one number as row id: the row in the low bits. */
const ROWS_PER_GENERATION = 2 ** 16

/** The storage of an aggregator, in plain rowid tables: every row written costs one. Every method throws what SQLite throws. */
export interface Store {
  /** Rows of the snapshot, then rows of the log that are newer, each in order. */
  readonly load: () => Iterable<string>
  readonly loadGenerations: () => Generation[]
  readonly readColdRow: (generation: number, row: number) => string
  /** Appends one commit, all its rows or none. */
  readonly append: (rows: readonly string[]) => void
  readonly snapshotIsDue: () => boolean
  /** Replaces the snapshot; the log starts again. All or nothing. */
  readonly saveSnapshot: (snapshot: SnapshotRows) => void
}

export interface SnapshotRows {
  readonly rows: readonly string[]
  readonly frozen: FrozenSessions | undefined
  readonly expired: readonly Generation[]
}

export interface StoreLimits {
  /** @default LOG_SLOTS */
  readonly slots?: number
  /** @default LOG_CHARS */
  readonly chars?: number
}

export function openStore(storage: DurableObjectStorage, limits: StoreLimits = {}): Store {
  const { sql } = storage
  sql.exec(`CREATE TABLE IF NOT EXISTS log (slot INTEGER PRIMARY KEY, number INTEGER, body TEXT);
    CREATE TABLE IF NOT EXISTS snapshot (place INTEGER PRIMARY KEY, body TEXT);
    CREATE TABLE IF NOT EXISTS head (id INTEGER PRIMARY KEY, number INTEGER, rows INTEGER);
    CREATE TABLE IF NOT EXISTS generation (id INTEGER PRIMARY KEY, frozen_ms INTEGER, hashes BLOB, starts TEXT);
    CREATE TABLE IF NOT EXISTS cold (id INTEGER PRIMARY KEY, body TEXT)`)

  // A row of the log counts only when its number is above that of the snapshot: older ones wait to be overwritten.
  const head = sql.exec<{ number: number; rows: number }>('SELECT number, rows FROM head').toArray()[0]
  const newer = sql
    .exec<{ number: number | null; slots: number; chars: number | null }>(
      'SELECT max(number) AS number, count(*) AS slots, sum(length(body)) AS chars FROM log WHERE number > ?',
      head?.number ?? 0,
    )
    .one()
  let snapshotRows = head?.rows ?? 0
  let snapshotNumber = head?.number ?? 0
  let number = newer.number ?? snapshotNumber
  let slot = newer.slots
  let chars = newer.chars ?? 0

  const putRow = (row: string, place: number): void => {
    sql.exec('INSERT OR REPLACE INTO log (slot, number, body) VALUES (?, ?, ?)', slot + place, number + place + 1, row)
  }

  return {
    *load() {
      const all = [
        ['SELECT body FROM snapshot WHERE place < ? ORDER BY place', snapshotRows],
        ['SELECT body FROM log WHERE number > ? ORDER BY slot', snapshotNumber],
      ] as const
      for (const [query, bound] of all) for (const { body } of sql.exec<{ body: string }>(query, bound)) yield body
    },
    loadGenerations: () =>
      sql
        .exec<{ id: number; frozen_ms: number; hashes: ArrayBuffer; starts: string }>(
          'SELECT id, frozen_ms, hashes, starts FROM generation ORDER BY id',
        )
        .toArray()
        .map(({ id, frozen_ms: frozenMs, hashes, starts }) => ({
          id,
          frozenMs,
          hashes: new Uint32Array(hashes),
          starts: JSON.parse(starts) as number[],
        })),
    readColdRow: (generation, row) =>
      sql.exec<{ body: string }>('SELECT body FROM cold WHERE id = ?', generation * ROWS_PER_GENERATION + row).one()
        .body,
    append: (rows) => {
      if (rows.length === 1) putRow(rows[0]!, 0)
      else storage.transactionSync(() => rows.forEach(putRow))
      number += rows.length
      slot += rows.length
      chars += rows.reduce((sum, { length }) => sum + length, 0)
    },
    snapshotIsDue: () => slot >= (limits.slots ?? LOG_SLOTS) || chars >= (limits.chars ?? LOG_CHARS),
    saveSnapshot: ({ rows, frozen, expired }) => {
      storage.transactionSync(() => {
        rows.forEach((row, place) =>
          sql.exec('INSERT OR REPLACE INTO snapshot (place, body) VALUES (?, ?)', place, row),
        )
        sql.exec('INSERT OR REPLACE INTO head (id, number, rows) VALUES (1, ?, ?)', number, rows.length)
        for (const { id } of expired) {
          const first = id * ROWS_PER_GENERATION
          sql.exec('DELETE FROM cold WHERE id >= ? AND id < ?', first, first + ROWS_PER_GENERATION)
          sql.exec('DELETE FROM generation WHERE id = ?', id)
        }
        if (frozen) putGeneration(frozen)
      })
      snapshotRows = rows.length
      snapshotNumber = number
      slot = 0
      chars = 0
    },
  }

  function putGeneration({ generation, rows }: FrozenSessions): void {
    const { id, frozenMs, hashes, starts } = generation
    rows.forEach((row, i) =>
      sql.exec('INSERT OR REPLACE INTO cold (id, body) VALUES (?, ?)', id * ROWS_PER_GENERATION + i, row),
    )
    const bindings = [id, frozenMs, hashes.buffer, JSON.stringify(starts)]
    sql.exec('INSERT OR REPLACE INTO generation (id, frozen_ms, hashes, starts) VALUES (?, ?, ?, ?)', ...bindings)
  }
}

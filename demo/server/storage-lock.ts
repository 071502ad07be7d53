import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fail, ok, type Result } from '../../src/protocol/result.ts'

/** https://www.sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5

/** The server that uses a storage folder. */
export interface Holder {
  readonly port: number
  readonly pid: number
}

export type ReleaseLock = () => void

/** Kept here, because the garbage collector would close, and so release, a lock without a reference. */
const held = new Set<DatabaseSync>()

/**
 * Takes a storage folder for this process and creates it where it is missing. Two workers on one folder lose counts, because
 * each keeps its own totals in memory. Fails with the holder, which is undefined in the instant before it has signed.
 *
 * The lock is SQLite's on `lock.db`: the system releases it when the process ends, also by SIGKILL, so it is never stale.
 */
export function lockStorage(folder: string, holder: Holder): Result<ReleaseLock, Holder | undefined> {
  mkdirSync(folder, { recursive: true })
  const signature = signatureIn(folder)
  const database = new DatabaseSync(join(folder, 'lock.db'))
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error
    return fail(readSignature(folder))
  }
  held.add(database)
  writeFileSync(signature, JSON.stringify(holder))
  return ok(() => {
    held.delete(database)
    rmSync(signature, { force: true })
    database.close()
  })
}

const signatureIn = (folder: string): string => join(folder, 'lock.json')

/**
 * The owner of a storage folder; undefined where it has none. A signature alone may be old: after SIGKILL it stays, and its pid
 * may belong to another program.
 */
export function holderOf(folder: string): Holder | undefined {
  const file = join(folder, 'lock.db')
  if (!existsSync(file)) return undefined
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file)
    database.exec('BEGIN EXCLUSIVE')
    return undefined
  } catch (error) {
    return (error as { errcode?: number }).errcode === SQLITE_BUSY ? readSignature(folder) : undefined
  } finally {
    database?.close()
  }
}

function readSignature(folder: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(signatureIn(folder), 'utf8')) as Holder
  } catch {
    return undefined
  }
}

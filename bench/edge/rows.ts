import { cp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/**
 * Rows the aggregator has written, by its own numbering of the log; those of a snapshot are left out, one in 2,000 or so.
 * Read from a copy of the files: the database is in use.
 */
export async function rowsWritten(storageDir: string): Promise<number> {
  const copy = `${storageDir}-copy`
  await cp(storageDir, copy, { recursive: true })
  try {
    const files = await readdir(copy, { recursive: true })
    const numbers = files.filter((file) => file.endsWith('.sqlite')).map((file) => highestNumber(join(copy, file)))
    return Math.max(0, ...numbers)
  } finally {
    await rm(copy, { recursive: true })
  }
}

function highestNumber(file: string): number {
  const database = new DatabaseSync(file)
  try {
    const { tables } = database.prepare("SELECT count(*) AS tables FROM sqlite_master WHERE name = 'log'").get() as {
      tables: number
    }
    if (tables === 0) return 0
    const { highest } = database.prepare('SELECT max(number) AS highest FROM log').get() as { highest: number | null }
    return highest ?? 0
  } finally {
    database.close()
  }
}

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where the notes of this run are. Test files run in processes of their own, which inherit it. */
const VARIABLE = 'PHAROS_RUN_NOTES'

/** Prints what this run found or downloaded, the first time that any test file of the run says it. */
export function noteOnce(text: string): void {
  const folder = process.env[VARIABLE]
  const name = createHash('sha256').update(text).digest('hex')
  try {
    if (folder) writeFileSync(join(folder, name), text, { flag: 'wx' })
    console.log(text)
  } catch {
    // Another test file has said it.
  }
}

/** Begins the notes of a run. @returns what ends them and returns them all, what was downloaded last */
export function startNotes(): () => readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'pharos-run-notes-'))
  process.env[VARIABLE] = folder
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  return () => {
    const notes = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
    remove()
    const isDownload = (note: string): number => Number(note.startsWith('Downloaded'))
    return notes.sort((a, b) => isDownload(a) - isDownload(b) || a.localeCompare(b))
  }
}

import { startNotes } from './support/run-notes.ts'

/** After the last test: which browsers and receivers the tests ran on, what was downloaded, and how long it all took. */
export function setup(): () => void {
  const startMs = Date.now()
  const endNotes = startNotes()
  return () => {
    const notes = endNotes()
    const seconds = Math.round((Date.now() - startMs) / 1_000)
    const lines = ['', ...notes, `The tests took ${Math.floor(seconds / 60)} min ${seconds % 60} s.`]
    console.log(lines.map((line) => line && `  ${line}`).join('\n'))
  }
}

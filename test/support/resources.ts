import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Memory of a process that is in RAM now, bytes (proc_pid_status(5), VmRSS). */
export const residentBytes = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))![1]) * 1_024

/** What the files in a folder take, bytes. */
export const folderBytes = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)

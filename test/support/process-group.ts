import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'

/** Sends a signal to a process group; none where it has ended by itself. */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal)
  } catch {
    // It ended by itself.
  }
}

/** Whether a process of the group can still do anything. A zombie, dead but not yet reaped, cannot. */
export function isGroupAlive(leader: number): boolean {
  if (hasProc) return readProcesses().some(({ group, state }) => group === leader && state !== 'Z')
  try {
    return process.kill(-leader, 0)
  } catch {
    return false
  }
}

/** The processes that this one started. */
export function childrenOf(parent: number): readonly number[] {
  if (hasProc) return readProcesses().flatMap((process) => (process.parent === parent ? [process.pid] : []))
  return execFileSync('pgrep', ['-P', String(parent)], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number)
}

const hasProc = existsSync('/proc/self/stat')

interface Process {
  readonly pid: number
  readonly state: string
  readonly parent: number
  readonly group: number
}

const readProcesses = (): readonly Process[] =>
  readdirSync('/proc').flatMap((pid) => (/^\d+$/.test(pid) ? readProcess(pid) : []))

function readProcess(pid: string): Process[] {
  try {
    // proc_pid_stat(5): the name, in parentheses, may itself hold any character; then state, parent, group.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [state = '', parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return [{ pid: Number(pid), state, parent: Number(parent), group: Number(group) }]
  } catch {
    // It ended meanwhile.
    return []
  }
}

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
  if (existsSync('/proc/self/stat')) return readdirSync('/proc').some((pid) => isAliveIn(pid, leader))
  try {
    return process.kill(-leader, 0)
  } catch {
    return false
  }
}

function isAliveIn(pid: string, leader: number): boolean {
  if (!/^\d+$/.test(pid)) return false
  try {
    // proc_pid_stat(5): the name, in parentheses, may itself hold any character; then state, parent, group.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return Number(group) === leader && state !== 'Z'
  } catch {
    return false
  }
}

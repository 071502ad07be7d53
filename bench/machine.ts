import { readFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, release } from 'node:os'

/** What the numbers were measured on, and how busy it was. */
export function describeMachine(): string {
  const load = loadavg().map((value) => value.toFixed(2))
  return [
    `${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown CPU'}, Linux ${release()}, node ${process.version}`,
    `${new Date().toISOString()}, load ${load.join(' ')} (above 0: others use the same cores, and the times are too long)`,
  ].join('\n')
}

/** Clock ticks in a second of `/proc/<pid>/stat`: USER_HZ, 100 on every Linux that Node supports. */
const TICKS_PER_SECOND = 100

/** CPU a process has used so far, all threads, user and system, in ms. Source: proc(5). */
export async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The name of the program, field 2, may hold spaces: count from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND
}

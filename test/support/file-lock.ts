import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Runs `work` while no other process holds the lock on `file`. The kernel holds it for a child that waits on its standard
 * input, so it is released even when this process is killed.
 */
export async function withFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const holder = spawn('flock', [file, 'sh', '-c', 'echo locked; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] })
  await Promise.race([
    once(holder.stdout, 'data'),
    once(holder, 'exit').then(() => Promise.reject(new Error(`Could not lock ${file}`))),
  ])
  try {
    return await work()
  } finally {
    holder.stdin.end()
  }
}

import { execFile } from 'node:child_process'

export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** @default 300000 */
  readonly timeoutMs?: number
}

/** Runs a program to its end and gives its standard output; fails with what it said on standard error. */
export const run = (file: string, args: readonly string[], options: RunOptions = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const { timeoutMs = 300_000, env, cwd } = options
    const settings = { timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024, ...(cwd && { cwd }), env: env ?? process.env }
    const child = execFile(file, [...args], settings, (error, stdout, stderr) => {
      if (error) reject(new Error(`${file} ${args.join(' ')}: ${stderr.trim().slice(-1_000) || error.message}`))
      else resolve(stdout)
    })
    child.stdin?.end()
  })

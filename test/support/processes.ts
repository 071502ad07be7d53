import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { isGroupAlive, signalGroup } from './process-group.ts'

export interface Program {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** Whether it answers yet. Asked again until it says so. */
  readonly isReady: () => Promise<boolean>
  /** @default 30000 */
  readonly readyTimeoutMs?: number
}

export interface RunningProgram {
  readonly pid: number
  readonly isRunning: () => boolean
  /** What it printed. */
  readonly log: () => string
  /** Asks it to end, and insists after ten seconds. */
  readonly stop: () => Promise<void>
  /** SIGKILL. */
  readonly kill: () => Promise<void>
}

interface Killable {
  readonly pid: number
  readonly kill: () => Promise<void>
}

const running = new Set<Killable>()

/** Takes a process group into the care of `stopPrograms`; returns how to kill it and wait until it is gone. */
export function adoptGroup(pid: number): () => Promise<void> {
  const kill = async (): Promise<void> => {
    signalGroup(pid, 'SIGKILL')
    while (isGroupAlive(pid)) await delay(10)
    running.delete(adopted)
  }
  const adopted = { pid, kill }
  running.add(adopted)
  return kill
}

/** Starts a program in a process group of its own and waits until it is ready. It ends with this process at the latest. */
export async function startProgram(program: Program): Promise<RunningProgram> {
  const { command, args, isReady, readyTimeoutMs = 30_000 } = program
  const logFile = join(await temporaryFolder('log'), 'output')
  const output = openSync(logFile, 'a')
  const child = spawn(command, [...args], {
    detached: true,
    env: program.env ?? process.env,
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  const exited = once(child, 'exit')
  exited.catch(() => {})
  await once(child, 'spawn')
  const pid = child.pid!
  const log = (): string => readFileSync(logFile, 'utf8')
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const insist = setTimeout(() => signalGroup(pid, 'SIGKILL'), 10_000)
    signalGroup(pid, signal)
    if (isRunning()) await exited
    clearTimeout(insist)
    running.delete(started)
  }
  const started = { pid, log, isRunning, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
  running.add(started)
  const deadlineMs = Date.now() + readyTimeoutMs
  while (!(await isReady().catch(() => false))) {
    if (isRunning() && Date.now() < deadlineMs) await delay(25)
    else {
      await started.kill()
      throw new Error(`${command} ${isRunning() ? 'is not ready' : 'ended'}:\n${log().slice(-4_000)}`)
    }
  }
  return started
}

/** Ends what a test left running. */
export const stopPrograms = async (): Promise<void> => {
  await Promise.all([...running].map((program) => program.kill()))
}

const leaveNothing = (): void => {
  for (const { pid } of running) signalGroup(pid, 'SIGKILL')
  for (const folder of temporary) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
process.once('exit', leaveNothing)
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    leaveNothing()
    process.kill(process.pid, signal)
  })

/** Whether a GET of `url` is answered with 2xx. */
export const answers = async (url: string): Promise<boolean> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) })
  await response.arrayBuffer()
  return response.ok
}

/** A free loopback port. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const temporary: string[] = []

/** A new folder that is removed when this process ends. */
export async function temporaryFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `pharos-${name}-`))
  temporary.push(folder)
  return folder
}

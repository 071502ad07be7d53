import { spawn, type ChildProcess } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

export interface WorkerOptions {
  readonly port: number
  readonly storage: string
  /** The folder of the demo page. */
  readonly page: string
  readonly adminToken: string
}

/**
 * Starts `wrangler dev`. It ends with this process, whatever ends this one, and so do the runtimes that it starts: workerd would
 * survive a wrangler that is killed, and would go on using the storage without its lock.
 */
export function startWorker(options: WorkerOptions): ChildProcess {
  const secrets = secretsFile(options.storage)
  rmSync(secrets, { force: true })
  // A command line shows to every user of the machine.
  writeFileSync(secrets, `ADMIN_TOKEN=${options.adminToken}\n`, { mode: 0o600 })
  // The program itself and not its launcher, which exits with 0 when the program is killed.
  const wrangler = createRequire(import.meta.url).resolve('wrangler')
  const command = [process.execPath, '--no-warnings', wrangler, ...argumentsFor(options)]
  const [program, ...args] = process.platform === 'win32' ? command : ['sh', '-c', END_WITH_STARTER, 'sh', ...command]
  return spawn(program!, args, {
    // The runtimes join this group. Ctrl-C in a terminal does not reach it; demo/start.ts hands it on.
    detached: process.platform !== 'win32',
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...process.env, ...environmentFor(options.storage) },
  })
}

/**
 * Becomes the command in "$@", beside a subshell that kills the group once the pipe from the starter closes. The system closes it
 * even after SIGKILL. On Windows it ends the children by itself, because libuv puts them into a job of the parent.
 */
const END_WITH_STARTER = 'exec 3<&0; (read -r _ <&3; kill -KILL 0) & exec "$@" 3<&- </dev/null'

const secretsFile = (storage: string): string => resolve(storage, 'secrets.env')

const argumentsFor = ({ port, storage, page }: WorkerOptions): readonly string[] => [
  'dev',
  '--config=demo/wrangler.jsonc',
  '--ip=127.0.0.1',
  `--port=${port}`,
  // Any free one: two servers that start at once must not meet on the default.
  '--inspector-port=0',
  `--persist-to=${storage}`,
  `--assets=${page}`,
  `--env-file=${secretsFile(storage)}`,
  '--show-interactive-dev-session=false',
  '--log-level=warn',
]

/** With these, wrangler asks nothing of the network, and a network that does not answer cannot delay it. */
const environmentFor = (storage: string): NodeJS.ProcessEnv => ({
  WRANGLER_SEND_METRICS: 'false',
  // The banner looks for a newer wrangler.
  WRANGLER_HIDE_BANNER: 'true',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_LOG_PATH: resolve('.wrangler/logs'),
  // By default in the home folder, where two demos would register under one name.
  CLOUDFLARE_DEV_REGISTRY_PATH: resolve(join(storage, 'registry')),
})

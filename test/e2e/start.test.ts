import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, expect, it } from 'vitest'
import { readMetrics, total } from '../support/metrics-page.ts'
import { repository } from '../support/paths.ts'
import {
  answers,
  freePort,
  startProgram,
  stopPrograms,
  temporaryFolder,
  type RunningProgram,
} from '../support/processes.ts'
import { until } from '../support/until.ts'

const run = promisify(execFile)

afterEach(stopPrograms)

async function start(port: number, storageDir: string): Promise<RunningProgram> {
  const program = await startProgram({
    command: process.execPath,
    args: [join(repository, 'demo/start.ts')],
    env: { ...process.env, PORT: String(port), PHAROS_STORAGE: storageDir },
    isReady: () => answers(`http://localhost:${port}/health`),
    readyTimeoutMs: 60_000,
  })
  await until(program.log, (log) => log.includes('Pharos is running'))
  return program
}

/** The lines that begin with `curl`, as a reader would copy them. */
const curls = (log: string): string[] => log.split('\n').flatMap((line) => /^ +(curl .*)$/.exec(line)?.[1] ?? [])

it('starts the demo, prints a beacon that counts once, and keeps the total over a restart', async () => {
  const port = await freePort()
  const storageDir = await temporaryFolder('storage')
  const url = `http://localhost:${port}`
  const first = await start(port, storageDir)
  const [send] = curls(first.log())
  for (let times = 0; times < 2; times++) expect((await run('sh', ['-c', send!])).stdout).toContain('204')
  expect(total(await readMetrics(url), 'hello_total')).toBe(1)

  const page = await fetch(`${url}/`)
  expect(page.headers.get('content-type')).toContain('text/html')
  expect(await page.text()).toContain('/pharos.js')
  expect((await fetch(`${url}/pharos.js`)).status).toBe(200)

  const status = curls(first.log()).find((line) => line.includes('/v1/status'))!
  expect(JSON.parse((await run('sh', ['-c', status])).stdout)).toMatchObject({ hasOverride: false })
  expect((await fetch(`${url}/v1/status`)).status).toBe(401)
  await first.stop()

  const second = await start(port, storageDir)
  expect(total(await readMetrics(url), 'hello_total')).toBe(1)
  await run('sh', ['-c', curls(second.log())[0]!])
  expect(total(await readMetrics(url), 'hello_total')).toBe(2)
})

it('says what to do about a port it cannot use', async () => {
  const failed = run(process.execPath, [join(repository, 'demo/start.ts')], { env: { ...process.env, PORT: 'x' } })
  await expect(failed).rejects.toMatchObject({ stderr: expect.stringContaining('PORT must be a number') as string })
})

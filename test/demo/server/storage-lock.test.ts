import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { lockStorage } from '../../../demo/server/storage-lock.ts'
import { repository } from '../../support/paths.ts'
import { temporaryFolder } from '../../support/processes.ts'

const ours = { port: 2, pid: process.pid }

/** Locks the folder as port 1, says so, and lives until it is killed. */
const HOLD = `
  import { lockStorage } from './demo/server/storage-lock.ts'
  lockStorage(process.argv[1], { port: 1, pid: process.pid })
  console.log('locked')
  setInterval(() => {}, 1000)
`

it('creates the folder, and leaves it free for the next', async () => {
  const folder = join(await temporaryFolder('lock'), 'a/b')
  for (let times = 0; times < 2; times++) {
    const lock = lockStorage(folder, ours)
    if (!lock.ok) throw new Error('locked')
    expect(readdirSync(folder)).toContain('lock.json')
    lock.value()
    expect(readdirSync(folder)).toEqual(['lock.db'])
  }
})

it('names the process that has the folder; a kill releases it', async () => {
  const folder = await temporaryFolder('lock')
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', HOLD, folder]
  const holder = spawn(process.execPath, args, { cwd: repository, stdio: ['ignore', 'pipe', 'inherit'] })
  await once(holder.stdout, 'data')
  expect(lockStorage(folder, ours)).toEqual({ ok: false, error: { port: 1, pid: holder.pid } })

  writeFileSync(join(folder, 'lock.json'), '{"port":')
  expect(lockStorage(folder, ours)).toEqual({ ok: false, error: undefined })

  holder.kill('SIGKILL')
  await once(holder, 'exit')
  const lock = lockStorage(folder, ours)
  expect(lock.ok).toBe(true)
  if (lock.ok) lock.value()
})

it('says what is wrong with a folder that cannot be made', async () => {
  const file = join(await temporaryFolder('lock'), 'file')
  writeFileSync(file, '')
  expect(() => lockStorage(join(file, 'x'), ours)).toThrow(/ENOTDIR|ENOENT/)
  expect(existsSync(join(file, 'x'))).toBe(false)
})

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { holderOf, lockStorage } from '../../../demo/server/storage-lock.ts'
import { repository } from '../../support/paths.ts'
import { startProgram, stopPrograms, temporaryFolder } from '../../support/processes.ts'

const ours = { port: 2, pid: process.pid }

/** Locks the folder as port 1, keeps nothing of the lock, collects garbage, makes the file `locked`, and lives until it is killed. */
const HOLD = `
  import { writeFileSync } from 'node:fs'
  import { lockStorage } from '${repository}/demo/server/storage-lock.ts'
  lockStorage(process.argv[1], { port: 1, pid: process.pid })
  setInterval(() => {}, 1000)
  setTimeout(() => {
    gc()
    setTimeout(() => writeFileSync(process.argv[1] + '/locked', ''))
  })
`

afterEach(stopPrograms)

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
  const args = ['--expose-gc', '--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', HOLD, folder]
  const isReady = async (): Promise<boolean> => existsSync(join(folder, 'locked'))
  const holder = await startProgram({ command: process.execPath, args, isReady })
  expect(lockStorage(folder, ours)).toEqual({ ok: false, error: { port: 1, pid: holder.pid } })

  expect(holderOf(folder)).toEqual({ port: 1, pid: holder.pid })

  const signature = readFileSync(join(folder, 'lock.json'))
  writeFileSync(join(folder, 'lock.json'), '{"port":')
  expect(lockStorage(folder, ours)).toEqual({ ok: false, error: undefined })

  writeFileSync(join(folder, 'lock.json'), signature)
  await holder.kill()
  // The signature of a killed process is no holder: its pid may be another program's by now.
  expect(holderOf(folder)).toBeUndefined()
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

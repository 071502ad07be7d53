// Installs what Pharos is measured beside (bench/package.json) unless it is there, and type-checks the benchmarks.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const lockFile = join(import.meta.dirname, 'package-lock.json')
/** The lock file that was installed last. A time would not do: a copy may keep the times of another checkout. */
const installedFile = join(import.meta.dirname, 'node_modules/.installed-lock.json')

/** Runs a command and ends with its status where it fails: it has said why. */
function run(command: string, args: readonly string[], cwd: string): void {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' })
  if (status !== 0) process.exit(status ?? 1)
}

const lock = readFileSync(lockFile, 'utf8')
if (!existsSync(installedFile) || readFileSync(installedFile, 'utf8') !== lock) {
  console.log('Installing the libraries that Pharos is measured beside (bench/package.json) …')
  run('npm', ['ci'], import.meta.dirname)
  writeFileSync(installedFile, lock)
}
run(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'bench'], root)

// Installs what Pharos is measured beside (bench/package.json) unless it is there, and type-checks the benchmarks.
import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** When a file last changed, in ms; 0 where it does not exist. */
const changedAtMs = (file: string): number =>
  statSync(join(import.meta.dirname, file), { throwIfNoEntry: false })?.mtimeMs ?? 0

/** npm writes this file last. */
const INSTALLED = 'node_modules/.package-lock.json'

if (changedAtMs(INSTALLED) < changedAtMs('package-lock.json')) {
  console.log('Installing the libraries that Pharos is measured beside (bench/package.json) …')
  execFileSync('npm', ['ci'], { cwd: import.meta.dirname, stdio: 'inherit', shell: process.platform === 'win32' })
}
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'bench'], { cwd: root, stdio: 'inherit' })

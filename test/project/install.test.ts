import { execFile } from 'node:child_process'
import { copyFile, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { repository } from '../support/paths.ts'
import { temporaryFolder } from '../support/processes.ts'

const run = promisify(execFile)

/** What `npm ci` would do and say on a version of Node, without doing it, in a folder where nothing is installed. */
async function dryRun(folder: string, nodeVersion: string): Promise<string> {
  const fake = `Object.defineProperty(process, 'version', { value: '${nodeVersion}' })`
  const cwd = await temporaryFolder('install')
  for (const name of ['package.json', 'package-lock.json', '.npmrc'])
    await copyFile(join(repository, folder, name), join(cwd, name))
  const env = {
    ...process.env,
    PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(fake)}`,
  }
  const { stdout, stderr } = await run('npm', ['ci', '--dry-run', '--loglevel=warn'], { cwd, env })
  return stdout + stderr
}

describe.each(['.', 'bench'])('npm ci in %s', (folder) => {
  // The oldest of each line that every tool takes: size-limit wants ^22.19.0 || ^24.5.0 || >=26.0.0.
  it.each(['v22.19.0', 'v24.5.0', 'v26.0.0'])('takes the lock file on %s without a warning', async (version) => {
    const said = await dryRun(folder, version)
    expect(said).toMatch(/added \d+ packages/)
    expect(said).not.toMatch(/npm warn/)
  })

  it('shows a warning where there is one', async () => {
    expect(await dryRun(folder, 'v16.0.0')).toMatch(/npm warn EBADENGINE/)
  })

  it('has a lock file for every platform, without the address of a registry', async () => {
    const text = await readFile(join(repository, folder, 'package-lock.json'), 'utf8')
    expect(text).not.toContain('"resolved"')
    const { packages } = JSON.parse(text) as { packages: Readonly<Record<string, Package>> }
    const missing = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
      Object.keys(optionalDependencies).filter((name) => !isInstalled(packages, name)),
    )
    expect(missing).toEqual([])
  })
})

interface Package {
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const isInstalled = (packages: Readonly<Record<string, Package>>, name: string): boolean =>
  Object.keys(packages).some((path) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`))

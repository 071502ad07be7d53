import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { repository } from '../../support/paths.ts'
import { temporaryFolder } from '../../support/processes.ts'

const SCRIPT_MODULE = 'dist/script.js'

/** A copy of what the build reads, so that the test can change it. */
async function copyRepository(): Promise<{
  folder: string
  run: (code: string, env?: Readonly<Record<string, string>>) => string
}> {
  const folder = await temporaryFolder('script')
  for (const name of ['src', 'demo', 'tools', 'package.json', 'package-lock.json', 'rollup.config.mjs'])
    cpSync(join(repository, name), join(folder, name), { recursive: true })
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'))
  const run = (code: string, env: Readonly<Record<string, string>> = {}): string => {
    writeFileSync(
      join(folder, 'run.ts'),
      `import { buildScript, isScriptCurrent } from './demo/server/script.ts'\n${code}`,
    )
    const args = ['--disable-warning=ExperimentalWarning', 'run.ts']
    return execFileSync(process.execPath, args, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, ...env },
    }).trim()
  }
  return { folder, run }
}

it('is current exactly as long as inputs and output are what was built', async () => {
  const { folder, run } = await copyRepository()
  const isCurrent = (): boolean => run('console.log(isScriptCurrent())') === 'true'
  const built = (): string => readFileSync(join(folder, SCRIPT_MODULE), 'utf8')

  expect(isCurrent()).toBe(false)
  expect(run('await buildScript()')).toBe('')
  expect(isCurrent()).toBe(true)
  expect(built()).toMatch(
    /^export const script = \{"main":\{"name":"pharos".*"parts":\[\{"name":"pharos-courier".*\}\]\}$/m,
  )
  const first = built()

  // `git checkout` to another commit and back: other times, the same contents. A restored copy keeps its old time.
  const input = join(folder, 'src/script-tag.ts')
  const source = readFileSync(input, 'utf8')
  writeFileSync(input, source)
  expect(isCurrent()).toBe(true)
  writeFileSync(input, `${source}\nconsole.log('changed')\n`)
  utimesSync(input, 0, 0)
  expect(isCurrent()).toBe(false)
  run('await buildScript()')
  expect(isCurrent()).toBe(true)
  expect(built()).not.toBe(first)

  // Built for one endpoint.
  const env = { PHAROS_URL: 'https://beacon.example/v1/beacon' }
  expect(run('console.log(isScriptCurrent())', env)).toBe('false')
  run('await buildScript()', env)
  expect(run('console.log(isScriptCurrent())', env)).toBe('true')
  expect(built()).toContain('https://beacon.example/v1/beacon')
  expect(isCurrent()).toBe(false)
  run('await buildScript()')

  // How the files are described and compressed is a part of the build too.
  const tool = join(folder, 'tools/build-script.mjs')
  const toolSource = readFileSync(tool, 'utf8')
  writeFileSync(tool, `${toolSource}\n// changed\n`)
  expect(isCurrent()).toBe(false)
  writeFileSync(tool, toolSource)
  expect(isCurrent()).toBe(true)

  // So is what the build makes short.
  const types = join(folder, 'src/core/types.ts')
  const typesSource = readFileSync(types, 'utf8')
  writeFileSync(types, `${typesSource}\nexport interface More { name: string }\n`)
  expect(isCurrent()).toBe(false)
  writeFileSync(types, typesSource)

  // `npm run build` in between, of other sources.
  writeFileSync(join(folder, SCRIPT_MODULE), first)
  expect(isCurrent()).toBe(false)
  run('await buildScript()')
  expect(isCurrent()).toBe(true)

  rmSync(join(folder, 'src/core/seal.ts'))
  expect(isCurrent()).toBe(false)
  mkdirSync(join(folder, 'src/core/seal.ts'))
  expect(isCurrent()).toBe(false)
}, 120_000)

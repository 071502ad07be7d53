import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'
import { repository } from '../support/paths.ts'

const read = (path: string): string => readFileSync(join(repository, path), 'utf8')

/** The source maps say which packages' modules are in which file, and do not come from the plugin that collects the notices. */
function bundledPackages(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const file of globSync(['dist/*.js.map', 'dist/shared/*.js.map', 'dist/development/**/*.js.map'], {
    cwd: repository,
  })) {
    const { sources } = JSON.parse(read(file)) as { sources: readonly string[] }
    const names = sources.flatMap((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? [])
    for (const name of new Set(names)) found.set(name, [...(found.get(name) ?? []), basename(file, '.map')].sort())
  }
  return found
}

const bundled = bundledPackages()
const [introduction, ...sections] = read('dist/THIRD-PARTY-LICENSES.txt').split(`\n\n${'='.repeat(80)}\n\n`)

it('names every package whose code is in the build, and no other', () => {
  expect(sections.map((section) => section.split(' ')[0])).toEqual([...bundled.keys()].sort())
  // The page's storage and vitals, and what the worker is made of.
  expect([...bundled.keys()]).toEqual(expect.arrayContaining(['hono', 'idb-keyval', 'valibot', 'web-vitals']))
})

it.each([...bundled])('%s: version, licence, files and the whole text', (name, files) => {
  const section = sections.find((text) => text.startsWith(`${name} `))!
  const folder = `node_modules/${name}`
  const { version, license } = JSON.parse(read(`${folder}/package.json`)) as { version: string; license: string }
  expect(section.split('\n').slice(0, 2)).toEqual([`${name} ${version} (${license})`, `in ${files.join(', ')}`])
  const [file] = globSync(`${folder}/{LICENSE,LICENCE,LICENSE.md}`, { cwd: repository })
  expect(section).toContain(read(file!).trim())
})

it('says what was changed in web-vitals, and which files hold others as text', () => {
  expect(sections.find((text) => text.startsWith('web-vitals '))).toContain('tools/lean-web-vitals.mjs')
  expect(introduction).toMatch(/script\.js and worker\.js also hold/)
})

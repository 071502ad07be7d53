import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { repository } from '../support/paths.ts'

interface Plugin {
  readonly resolveId: (id: string) => string | null
  readonly transform: (code: string, id: string) => { readonly code: string } | null
  readonly buildEnd: (error?: Error) => void
}

interface Tool {
  readonly leanWebVitals: () => Plugin
}

const { leanWebVitals } = (await import(join(repository, 'tools/lean-web-vitals.mjs'))) as Tool

const modules = globSync('node_modules/web-vitals/dist/modules/{on*,lib/**/*}.js', { cwd: repository }).map((file) => {
  const path = resolve(repository, file)
  return { path, code: readFileSync(path, 'utf8') }
})

it('takes the modules of web-vitals, and leaves all else as it is', () => {
  const { resolveId, transform } = leanWebVitals()
  expect(resolveId('web-vitals')).toMatch(/web-vitals\/dist\/modules\/index\.js$/)
  expect([resolveId('idb-keyval'), transform('checkSoftNavsEnabled(opts)', '/src/core/start.ts')]).toEqual([null, null])
})

it('leaves nothing of soft navigations, of attribution and of the navigation of a metric', () => {
  const { transform, buildEnd } = leanWebVitals()
  const all = modules.map(({ path, code }) => transform(code, path)!.code).join('\n')
  expect(all).not.toMatch(/checkSoftNavsEnabled\(opts\)|_on\w+\?\.|initUnique\(opts|metric\.entries/)
  expect(all).toContain('_estimateP98LongestInteraction(metric.navigationType)')
  buildEnd()
})

it('fails where web-vitals has changed: what is cut must be looked at first', () => {
  const { transform, buildEnd } = leanWebVitals()
  for (const { path, code } of modules)
    transform(code.replaceAll('checkSoftNavsEnabled', 'softNavsEnabled'), path.replace('initMetric', 'createMetric'))
  expect(buildEnd).toThrow(/web-vitals has no lib\/initMetric\.js, .*checkSoftNavsEnabled.* any more/)
  const error = new Error('something else')
  expect(() => buildEnd(error)).not.toThrow()
})

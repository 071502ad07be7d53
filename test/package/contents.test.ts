import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { packDryRun } from '../support/packed.ts'
import { repository } from '../support/paths.ts'

const { size, files } = await packDryRun()

/** All that may be published. A new kind of file needs a line here. */
const EXPECTED = [
  /^(?:README|CHANGELOG)\.md$/,
  /^LICENSE$/,
  /^package\.json$/,
  /^docs\/[A-Z-]+\.md$/,
  /^docs\/protocol\.schema\.json$/,
  /^docs\/images\/[\w-]+\.svg$/,
  /^dist\/THIRD-PARTY-LICENSES\.txt$/,
  /^dist\/pharos(?:-(?:courier|compactor|development))?\.js(?:\.map)?$/,
  /^dist\/(?:script\.js|(?:worker|contract|catalog-command)\.js(?:\.map)?)$/,
  /^dist\/(?:development\/)?(?:index|catalog|otel|edge)\.js(?:\.map)?$/,
  /^dist\/(?:development\/)?shared\/[\w-]+\.js(?:\.map)?$/,
  /^dist\/types\/(?:src|worker|test\/contract)\/[\w/-]+\.d\.ts$/,
]

it.each(EXPECTED)('holds %s', (pattern) => {
  expect(files.some((file) => pattern.test(file))).toBe(true)
})

it('holds nothing else: no test artefact, no build information', () => {
  expect(files.filter((file) => !EXPECTED.some((pattern) => pattern.test(file)))).toEqual([])
})

it('has no more declarations than its entries reach, and all of those', () => {
  const { exports } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    exports: Readonly<Record<string, string | { types: string }>>
  }
  const reached = new Set(
    Object.values(exports).flatMap((entry) => (typeof entry === 'string' ? [] : [join('.', entry.types)])),
  )
  for (const file of reached)
    for (const [, path] of readFileSync(join(repository, file), 'utf8').matchAll(/['"](\.{1,2}\/[^'"]+)\.ts['"]/g))
      reached.add(join(dirname(file), `${path}.d.ts`))
  expect(files.filter((file) => file.endsWith('.d.ts')).sort()).toEqual([...reached].sort())
})

it('is a download of at most 1.4 MB, most of it source maps', () => {
  expect(size).toBeLessThan(1_400_000)
})

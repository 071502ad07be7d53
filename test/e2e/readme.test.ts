import { readFile } from 'node:fs/promises'
import { brotliCompressSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { repository } from '../support/paths.ts'

/** The first cell of a row in docs/PLUGINS.md, and the file that it weighs. */
const FILES: Readonly<Record<string, string>> = {
  '`init`': 'dist/size/core.js',
  '`webVitals()`': 'dist/size/web-vitals.js',
  '`webVitals({ attribution })`': 'dist/size/attribution.js',
  '`errors()`': 'dist/size/errors.js',
  '`navigation()`': 'dist/size/navigation.js',
  '`requests()`': 'dist/size/requests.js',
  '`longTasks()`': 'dist/size/long-tasks.js',
  '`visibility()`': 'dist/size/visibility.js',
  'all of them': 'dist/size/all.js',
  'the script tag': 'dist/pharos.js',
  '`pharos-beacon/otel`': 'dist/size/otel.js',
  '`pharos-beacon/edge`': 'dist/size/edge.js',
  '`pharos-beacon/catalog`': 'dist/size/catalog.js',
}

const read = (file: string): Promise<Buffer> => readFile(`${repository}/${file}`)

it('docs/PLUGINS.md says what the build weighs', async () => {
  const document = (await read('docs/PLUGINS.md')).toString()
  const rows = [...document.matchAll(/^\| (.+?) +\|.*\| ([\d,]+) +\|$/gm)].map(
    ([, what, bytes]) => [what!, bytes!] as const,
  )
  const said = Object.fromEntries(rows.filter(([what]) => what in FILES))
  const weighed = await Promise.all(
    Object.entries(FILES).map(async ([what, file]) => {
      const { length } = brotliCompressSync(await read(file))
      return [what, length.toLocaleString('en')]
    }),
  )
  expect(said).toEqual(Object.fromEntries(weighed))
})

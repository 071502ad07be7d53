import { readFile } from 'node:fs/promises'
import { brotliCompressSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { weigh } from '../../bench/size/weigh.ts'
import { repository } from '../support/paths.ts'

/** The first cell of a row in docs/PLUGINS.md, and the file that it weighs. */
const FILES: Readonly<Record<string, string>> = {
  '`init`': 'dist/size/core.js',
  'the courier': 'dist/size/core-courier.js',
  'the compactor': 'dist/size/core-compactor.js',
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

/** The cells of a table's rows by the text of their first cell, without bold and footnotes. */
function tableRows(markdown: string): ReadonlyMap<string, readonly string[]> {
  const rows = markdown.split('\n').filter((line) => line.startsWith('| '))
  const cells = rows.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.replaceAll('**', '').trim()),
  )
  return new Map(cells.map(([first = '', ...others]) => [first, others]))
}

/** The columns of the README's comparison, as docs/BENCHMARKS.md names them in its table of sizes and in that of faults. */
const COMPARED = [
  ['Pharos, web vitals', 'Pharos'],
  ['web-vitals 6.2.3 and `sendBeacon`', 'web-vitals and `sendBeacon`'],
  ['Plausible 0.4.6, which has no vitals', 'Plausible'],
  ['OpenTelemetry 3.1.1, OTLP/JSON, vitals', 'OpenTelemetry'],
  ['Grafana Faro 2.12.1', 'Grafana Faro'],
  ['Sentry 11.12.0', 'Sentry'],
  ['Datadog RUM 7.16.2', 'Datadog RUM'],
] as const

it('the README compares with the figures of docs/BENCHMARKS.md, and with the size of this build', async () => {
  const readme = tableRows((await read('README.md')).toString())
  const benchmarks = (await read('docs/BENCHMARKS.md')).toString()
  const sizes = tableRows(benchmarks)
  const faults = tableRows(/^### When something fails$([^]*?)^- \*\*/m.exec(benchmarks)![1]!)
  const column = (i: number): string[] => COMPARED.map(([, name]) => faults.get(name)![i]!)
  const bytes = readme.get('bytes (brotli), at once')!.map((cell) => cell.replace(', no vitals', ''))
  expect(bytes).toEqual(COMPARED.map(([name]) => sizes.get(name)![2]))
  expect(readme.get('browser killed: events stored, of 13')).toEqual(column(0))
  expect(readme.get('endpoint down, then back: of 13')).toEqual(column(1))
  expect(readme.get('tab closed: of 13')).toEqual(column(3))
  expect(readme.get('answers lost: copies of each event')).toEqual(column(4))

  const { eager, lazy } = await weigh(new URL('../../bench/size/peers/pharos.ts', import.meta.url))
  expect(bytes[0]).toBe(eager.brotli.toLocaleString('en'))
  expect((await read('README.md')).toString()).toContain(
    `${(eager.brotli / 1_000).toFixed(1)} kB of brotli in your bundle, and ${(lazy.brotli / 1_000).toFixed(1)} kB`,
  )
})

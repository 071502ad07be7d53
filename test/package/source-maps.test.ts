import { existsSync, globSync, readFileSync } from 'node:fs'
import { type SourceMapPayload, SourceMap } from 'node:module'
import { isAbsolute, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { repository } from '../support/paths.ts'

const read = (path: string): string => readFileSync(join(repository, path), 'utf8')

/** script.js is data. */
const files = globSync(['dist/*.js', 'dist/shared/*.js', 'dist/development/**/*.js'], { cwd: repository })
  .filter((file) => file !== 'dist/script.js')
  .sort()

type Payload = SourceMapPayload & { readonly sourcesContent: readonly (string | null)[] }

/** A text in quotes stands in the code as in its source. Paths of modules do not. */
const TEXT = /(["'])(\w[\w./-]{7,})\1/g

/** The code with spaces for comments: the build may move a comment to the code beside it. */
const withoutComments = (code: string): string =>
  code.replaceAll(/\/\*[^]*?\*\//g, (comment) => comment.replaceAll(/\S/g, ' '))

/** Nothing leads to the modules of web-vitals that the build cuts. */
const webVitals = globSync('node_modules/web-vitals/dist/modules/**/*.js', { cwd: repository }).map(read).join('\n')

/** Where the texts of a file's code are that its sources have too: line, column and text. */
const textsOf = (code: string, { sourcesContent }: Payload): readonly (readonly [number, number, string])[] =>
  withoutComments(code)
    .split('\n')
    .flatMap((line, i) =>
      /^(?:import|export) .* from /.test(line)
        ? []
        : Array.from(line.matchAll(TEXT), ({ index, 2: text }) => [i, index, text!] as const),
    )
    .filter(([, , text]) => !webVitals.includes(text) && sourcesContent.some((source) => source?.includes(text)))

/** Whether the line has the text, or the minifier put the text where the file names a constant. */
function hasText(source: string, line: number, text: string): boolean {
  const isConstant = source.split('\n').some((one) => /^(?:export )?const /.test(one) && one.includes(`'${text}'`))
  return isConstant || Boolean(source.split('\n')[line]?.includes(text))
}

describe.each(files)('%s', (file) => {
  const code = read(file)
  const map = JSON.parse(read(`${file}.map`)) as Payload

  it('holds its sources, under relative names', () => {
    expect(map.sourcesContent).toHaveLength(map.sources.length)
    expect(map.sourcesContent.filter((text) => typeof text !== 'string')).toEqual([])
    expect(map.sources.filter((name) => isAbsolute(name) || name.includes('\0'))).toEqual([])
  })

  it('leads from a text in the code to the line of a source that has it', () => {
    const sourceMap = new SourceMap(map)
    const wrong = textsOf(code, map).filter(([line, column, text]) => {
      const entry = sourceMap.findEntry(line, column)
      if (!('originalLine' in entry)) return true
      const source = map.sourcesContent[map.sources.indexOf(entry.originalSource)]!
      return !hasText(source, entry.originalLine, text)
    })
    expect(wrong).toEqual([])
  })
})

it('has texts to check in the page, its development build and the worker', () => {
  const count = (file: string): number => textsOf(read(file), JSON.parse(read(`${file}.map`)) as Payload).length
  const counts = ['dist/pharos.js', 'dist/shared/index.js', 'dist/development/shared/index.js'].map(count)
  expect(Math.min(...counts)).toBeGreaterThan(10)
  expect(count('dist/worker.js')).toBeGreaterThan(200)
})

it.each(['', '-courier', '-compactor', '-development'])('no comment in pharos%s.js costs a page bytes', (name) => {
  expect(read(`dist/pharos${name}.js`)).not.toContain('sourceMappingURL')
  expect(existsSync(join(repository, `dist/pharos${name}.js.map`))).toBe(true)
})

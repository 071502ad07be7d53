import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Arrow, type Drawing, readDrawings } from '../../tools/rooms/drawing.ts'
import { importsOf, sourcesIn } from '../support/imports.ts'
import { repository } from '../support/paths.ts'

const drawings = readDrawings(repository)
const scratch = mkdtempSync(join(tmpdir(), 'pharos-walls-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

function isIn(file: string, path: string): boolean {
  if (path.endsWith('.ts')) return file === path
  if (path.endsWith('/*')) return dirname(file) === dirname(path)
  return file.startsWith(`${path.replace(/\/\*\*$/, '')}/`)
}

/** The room that a file is in: that with the longest path. `x/*` goes before `x/**`. */
function roomOf(file: string, { rooms }: Drawing): string | undefined {
  const weight = (path: string): number => path.replaceAll('*', '').length + (path.endsWith('/*') ? 0.5 : 0)
  const found = [...rooms].flatMap(([room, paths]) =>
    paths.filter((path) => isIn(file, path)).map((path) => ({ room, weight: weight(path) })),
  )
  return found.toSorted((a, b) => b.weight - a.weight)[0]?.room
}

describe.each(['src', 'worker'].map((folder, i) => [folder, drawings[i]!] as const))(
  'the drawing of %s/',
  (folder, drawing) => {
    const { rooms, arrows, below } = drawing
    const isDown = (from: string, to: string): boolean => from === to || below.get(from)!.has(to)
    const crossings = sourcesIn(folder)
      .flatMap(importsOf)
      .map((it) => ({ ...it, from: roomOf(it.file, drawing)!, to: roomOf(it.imported, drawing)! }))

    it('has a room for every file', () => {
      const files = [...sourcesIn(folder), ...crossings.map(({ imported }) => imported)]
      expect(files.filter((file) => roomOf(file, drawing) === undefined)).toEqual([])
    })

    it('has every import, types included, as an arrow down', () => {
      const up = crossings.filter(({ from, to }) => !isDown(from, to))
      expect(up.map(({ file, imported }) => `${file} imports ${imported}`)).toEqual([])
    })

    it('has no arrow that no import follows', () => {
      const isUsed = ([a, b]: Arrow): boolean => crossings.some(({ from, to }) => from === a && to === b)
      expect(arrows.filter((arrow) => !isUsed(arrow))).toEqual([])
    })

    it('is what lint allows, in a file of every room', () => {
      const own = [...rooms].filter(([, [path]]) => path!.startsWith(folder))
      const cases = own.flatMap(([from, [path]]) =>
        [...rooms]
          .filter(([to]) => to !== from)
          .map(([to, [target]]) => {
            const file = fileIn(path!, 'wall.ts')
            return { from, to, file, specifier: specifierOf(file, fileIn(target!, 'other.ts')) }
          }),
      )
      const refused = refusedIn(cases)
      const shown = ({ from, to }: (typeof cases)[number]): string => `${from} -> ${to}`
      expect(cases.filter((it) => refused.has(`${it.file} ${it.specifier}`)).map(shown)).toEqual(
        cases.filter(({ from, to }) => !isDown(from, to)).map(shown),
      )
    })
  },
)

/** A file that could be in the room of a path. */
function fileIn(path: string, name: string): string {
  if (path.endsWith('.ts')) return path
  return join(path.endsWith('/**') ? path.replace('**', 'vendor') : path.replace('/*', ''), name)
}

function specifierOf(file: string, target: string): string {
  const path = relative(dirname(file), target)
  return path.startsWith('.') ? path : `./${path}`
}

/** The imports that lint refuses, as `file specifier`, when files have them. */
function refusedIn(imports: readonly { readonly file: string; readonly specifier: string }[]): ReadonlySet<string> {
  for (const path of ['oxlint.config.ts', 'tools/rooms', 'docs/ARCHITECTURE.md'])
    cpSync(join(repository, path), join(scratch, path), { recursive: true })
  symlinkSync(join(repository, 'node_modules'), join(scratch, 'node_modules'), 'junction')
  const files = Map.groupBy(imports, ({ file }) => file)
  for (const [file, its] of files) {
    mkdirSync(dirname(join(scratch, file)), { recursive: true })
    const lines = its.map(({ specifier }, i) => `export type { A as A${i} } from '${specifier}'\n`)
    writeFileSync(join(scratch, file), lines.join(''))
  }
  const report = JSON.parse(lint([...files.keys()])) as {
    readonly diagnostics: readonly { readonly code: string; readonly message: string; readonly filename: string }[]
  }
  rmSync(join(scratch, 'node_modules'))
  return new Set(
    report.diagnostics
      .filter(({ code }) => code.includes('no-restricted-imports'))
      .map(({ filename, message }) => `${filename} ${/'([^']+)'/.exec(message)![1]}`),
  )
}

function lint(files: readonly string[]): string {
  const oxlint = join(repository, 'node_modules/oxlint/bin/oxlint')
  try {
    return execFileSync(process.execPath, [oxlint, '--format', 'json', ...files], { cwd: scratch, encoding: 'utf8' })
  } catch (error) {
    // It ends with 1 when it found something.
    return (error as { readonly stdout: string }).stdout
  }
}

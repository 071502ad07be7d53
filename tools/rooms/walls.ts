import type { Drawing } from './drawing.ts'

/** The part of a lint configuration that forbids the files of a room to import certain paths. */
export interface Wall {
  readonly room: string
  /** Globs. */
  readonly files: readonly string[]
  /** Patterns for `no-restricted-imports`, which looks at the text of an import, so each begins with `./` or `../`. */
  readonly patterns: readonly string[]
}

/** Folders below a room from which imports are forbidden too: `worker/http/admin/` has a depth of 1. */
const MAX_DEPTH = 2

/**
 * A wall around each room of a drawing in `top`: its files may import only what arrows lead to. Walls of `x/**` and `x/*` come first,
 * because a path in them may be a room of its own, and in a lint configuration the last wall holds.
 */
export const wallsOf = ({ rooms, below }: Drawing, top: string): Wall[] =>
  [...rooms]
    .filter(([, paths]) => paths.every((path) => path.startsWith(top)))
    .toSorted(([, a], [, b]) => stars(b) - stars(a))
    .map(([room, paths]) => {
      const allowed = [...rooms].filter(([name]) => name === room || below.get(room)!.has(name)).flatMap(([, it]) => it)
      const forbidden = [...rooms]
        .filter(([name]) => name !== room && !below.get(room)!.has(name))
        .flatMap(([, it]) => it)
      return {
        room,
        files: paths.map(filesOf),
        patterns: [...new Set(paths.flatMap(foldersOf).flatMap((from) => patternsFrom(from, { forbidden, allowed })))],
      }
    })

const stars = (paths: readonly string[]): number => Math.max(...paths.map((path) => path.split('*').length))

const filesOf = (path: string): string => {
  if (path.endsWith('.ts')) return path
  return path.endsWith('/*') ? `${path}.ts` : path.endsWith('/**') ? path.replace('**', '*/**') : `${path}/**`
}

/** The folders that the files of a room are in, `*` for one of any name. */
function foldersOf(path: string): string[] {
  const folder = path.replace(/\/(\*|[^/]+\.ts)$/, '').replace('**', '*')
  const depths = folder === path || path.endsWith('/**') ? MAX_DEPTH : 0
  return Array.from({ length: depths + 1 }, (_, depth) => folder + '/*'.repeat(depth))
}

interface Paths {
  readonly forbidden: readonly string[]
  readonly allowed: readonly string[]
}

/** Negated patterns come last: a folder of its own room is an exception from `x/**`. */
function patternsFrom(folder: string, { forbidden, allowed }: Paths): string[] {
  const exceptions = forbidden.flatMap((path) => allowed.filter((it) => isRoomIn(it, path)))
  return [
    ...forbidden
      .filter((path) => !(path.endsWith('/**') && isBelow(folder, path)))
      .map((path) => relative(folder, path)),
    ...exceptions.map((path) => `!${relative(folder, path)}`),
  ]
}

/** Whether a room is one of those that `x/*` or `x/**` leaves out, because it has a path of its own. */
const isRoomIn = (room: string, path: string): boolean =>
  path.endsWith('*') &&
  room.startsWith(path.replace(/\*+$/, '')) &&
  !room.includes('*') &&
  room.endsWith('.ts') === path.endsWith('/*')

/** Whether the folder is so deep in the folders of `x/**` that "../[a-z]*" would be the room itself. */
const isBelow = (folder: string, path: string): boolean =>
  folder.split('/').length > path.split('/').length && folder.startsWith(path.replace('/**', '/'))

function relative(folder: string, path: string): string {
  const from = folder.split('/')
  const to = path.split('/')
  const shared = from.findIndex((name, i) => name !== to[i] || i === to.length - 1)
  const depth = shared === -1 ? from.length : shared
  const up = '../'.repeat(from.length - depth) || './'
  const rest = to.slice(depth).join('/')
  if (rest.endsWith('.ts')) return up + rest
  // "*" alone would match "..".
  if (rest.endsWith('**')) return `${up}${rest.replace('**', '[a-z]*/**')}`
  return rest.endsWith('*') ? `${up}${rest}.ts` : `${up}${rest}/**`
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The rooms of a program and the arrows between them. */
export interface Drawing {
  /**
   * The paths of a room by its name: a folder with all that is in it, a file, `x/*` for the files of a folder alone, or `x/**` for the
   * folders in a folder that are no rooms of their own.
   */
  readonly rooms: ReadonlyMap<string, readonly string[]>
  /** The rooms that each room may import: those that arrows lead to, directly or through others. */
  readonly below: ReadonlyMap<string, ReadonlySet<string>>
  readonly arrows: readonly Arrow[]
}

export type Arrow = readonly [from: string, to: string]

/** The drawings of docs/ARCHITECTURE.md: the page, and the worker. */
export function readDrawings(repository: string): readonly Drawing[] {
  const text = readFileSync(join(repository, 'docs/ARCHITECTURE.md'), 'utf8')
  return [...text.matchAll(/^```mermaid\n([^]*?)^```$/gm)].map(([, chart = '']) => readDrawing(chart))
}

/**
 * Reads a Mermaid flowchart of lines such as `a --> b & c`. The label of a node holds its paths: `a["worker/a, worker/a.ts"]`.
 * Throws when a node has no label or when arrows lead in a circle.
 */
export function readDrawing(chart: string): Drawing {
  const rooms = new Map<string, readonly string[]>()
  const arrows: Arrow[] = []
  const nodesOf = (side: string): string[] => side.split('&').map((text) => text.trim().replace(/\[.*\]$/, ''))
  for (const [, name = '', paths = ''] of chart.matchAll(/(\w+)\["([^"]+)"\]/g)) rooms.set(name, paths.split(', '))
  for (const line of chart.split('\n').filter((text) => text.includes('-->'))) {
    const [from = '', to = ''] = line.split('-->')
    for (const a of nodesOf(from)) for (const b of nodesOf(to)) arrows.push([a, b])
  }
  const unnamed = arrows.flat().find((name) => !rooms.has(name))
  if (unnamed !== undefined)
    throw new Error(`The room "${unnamed}" has no path in the drawing: write ${unnamed}["path"].`)
  return { rooms, arrows, below: reachable([...rooms.keys()], arrows) }
}

function reachable(names: readonly string[], arrows: readonly Arrow[]): Map<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>()
  const visit = (room: string, path: readonly string[]): ReadonlySet<string> => {
    if (path.includes(room)) throw new Error(`The drawing has a circle: ${[...path, room].join(' -> ')}.`)
    const next = arrows.filter(([from]) => from === room).map(([, to]) => to)
    const all = found.get(room) ?? new Set(next.flatMap((to) => [to, ...visit(to, [...path, room])]))
    found.set(room, all)
    return all
  }
  for (const name of names) visit(name, [])
  return found
}

// From a name and attributes to the cell of the series, fast. Pure: no I/O, no clock, no randomness.
import { checkSeries } from '../check/index.ts'
import type { Attributes, DropReason } from '../protocol/types.ts'
import { speak } from './speak.ts'
import type { Cell, Recorder } from './types.ts'

/** Series of one page. Calls for more of them are dropped as `series_limit`. */
export const MAX_SERIES = 2_000

/** Characters of a point without its value. The edge takes far fewer, and a batch must hold it. */
const MAX_POINT_LENGTH = 9_999

/** A tree: a level for the metric's name, and one for each name and value of an attribute. `CELL` leads to a cell, any other key to a node. */
interface Node extends Map<unknown, Node> {}

/** No attribute has this name. */
const CELL = 0

/** Finds the cell of a series, or makes it; a reason where there can be none. Never throws, whatever the arguments are. */
export type FindCell = (name: string, attributes?: Attributes) => Cell | DropReason

/**
 * A cell is of one spelling: name, order and types as they are written. The edge judges whether they are right and which
 * spellings are the same series; it adds points of one series.
 */
export function createFinder(recorder: Recorder, least: number): FindCell {
  const names: Node = new Map()

  const childOf = (parent: Node, key: unknown): Node => {
    const child = parent.get(key) ?? new Map()
    parent.set(key, child)
    return child
  }

  const create: FindCell = (name, attributes) => {
    checkSeries({ kind: least ? 'histogram' : 'counter', name, attributes }, speak)
    // A getter or a proxy may give another value each time, so only the copy is used from here on.
    const plain: Attributes = { ...attributes }
    const head = `[${JSON.stringify(name)},`
    const text = JSON.stringify(plain)
    const tail = text === '{}' ? ']' : `,${text}]`
    // Names of Pharos's own metrics are reserved: a page must not imitate them.
    if (typeof name !== 'string' || /^pharos[._]/.test(name) || head.length + tail.length > MAX_POINT_LENGTH)
      return 'bad_name'
    // Each object would be a series of its own.
    if (Object.values(plain).some((value) => Object(value) === value)) return 'bad_attributes'
    if (recorder.seriesLeft-- < 1) return 'series_limit'
    let node = childOf(names, name)
    for (const key of Object.keys(plain)) node = childOf(childOf(node, key), plain[key])
    const cell: Cell = { least, head, tail, calls: 0, whole: 0, loose: [] }
    node.set(CELL, cell as never)
    return cell
  }

  return (name, attributes) => {
    try {
      let node = names.get(name)
      for (const key in attributes) if (Object.hasOwn(attributes, key)) node = node?.get(key)?.get(attributes[key])
      return (node?.get(CELL) as Cell | undefined) ?? create(name, attributes)
    } catch {
      return 'bad_attributes'
    }
  }
}

// Pure: no I/O, no clock, no randomness. From a name and attributes to the cell of the series, fast.
import { canonicalAttributes, isAttributes, isMetricName } from '../protocol/series.ts'
import type { Attributes, DropReason } from '../protocol/types.ts'
import type { Cell, Kind } from './cell.ts'

/** How much the indexes of one page may still grow; shared by counters and histograms. */
export interface IndexRoom {
  /** Series. */
  cells: number
  /** Nodes of the tries. When they are used up, further spellings are only slower to find. */
  nodes: number
}

export const createIndexRoom = (): IndexRoom => ({ cells: 2_000, nodes: 16_000 })

/**
 * Where a call site's spelling leads: one level for the name and each value of an attribute after it, in the order they are
 * written, values as they are. Other orders and types lead to the same cell over other nodes. Walking it builds no string.
 * What is under `CELL` is a cell, all else nodes.
 */
interface Node extends Map<unknown, Node> {}

/** No attribute has this name. */
const CELL = 0

/** Finds the cell, or makes it; a reason where there can be none. Never throws, whatever the arguments are. */
export type FindCell<Found> = (name: string, attributes?: Attributes) => Found | DropReason

export function createSeriesIndex<Value>(kind: Kind<Value>, room: IndexRoom): FindCell<Cell<Value>> {
  const names: Node = new Map()
  const cells = new Map<string, Cell<Value>>()

  const resolve: FindCell<Cell<Value>> = (name, attributes) => {
    if (!isMetricName(name)) return 'bad_name'
    if (/^pharos[._]/.test(name)) return 'reserved_name'
    // A getter or a proxy may answer differently each time: read once, then use only the copy.
    const plain = isAttributes(attributes) ? { ...attributes } : attributes
    const canonical = canonicalAttributes(plain)
    if (!canonical) return 'bad_attributes'
    const tail = canonical.length > 0 ? `,${JSON.stringify(Object.fromEntries(canonical))}]` : ']'
    let cell = cells.get(name + tail)
    if (!cell) {
      if (room.cells === 0) return 'series_limit'
      room.cells--
      cell = { kind, head: `["${name}",`, tail, value: kind.create(), records: 0 }
      cells.set(name + tail, cell)
    }
    remember(name, plain ?? {}, cell)
    return cell
  }

  const remember = (name: string, attributes: Attributes, cell: Cell<Value>): void => {
    const entries = Object.entries(attributes)
    if (room.nodes <= 2 * entries.length) return
    let node = childOf(names, name)
    for (const [key, value] of entries) node = childOf(childOf(node, key), value)
    node.set(CELL, cell as never)
  }

  const childOf = (parent: Node, key: unknown): Node => {
    let node = parent.get(key)
    if (!node) {
      room.nodes--
      parent.set(key, (node = new Map()))
    }
    return node
  }

  return (name, attributes) => {
    try {
      const node = names.get(name)
      const found = node && attributes !== undefined ? walk(node, attributes) : node
      return (found?.get(CELL) as Cell<Value> | undefined) ?? resolve(name, attributes)
    } catch {
      return 'bad_attributes'
    }
  }
}

/** undefined where the spelling is new, and for all that has no keys: `{}` is rare, null and [] must be refused. */
function walk(root: Node, attributes: Attributes): Node | undefined {
  let node: Node | undefined = root
  for (const key in attributes) {
    if (!Object.hasOwn(attributes, key)) continue
    node = node.get(key)?.get(attributes[key])
    if (!node) return undefined
  }
  return node === root ? undefined : node
}

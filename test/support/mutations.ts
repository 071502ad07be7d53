/** Changes of parsed JSON, one place at a time. */

export type Path = readonly (string | number)[]

/** The way to every value inside, the whole itself included. */
export function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const steps = Array.isArray(value) ? value.map((item, i) => [i, item] as const) : Object.entries(value)
  return [path, ...steps.flatMap(([step, item]) => pathsOf(item, [...path, step]))]
}

/** Stands for "take it away". */
export const REMOVED: unique symbol = Symbol('removed')

/** A copy of `value` with another value at `path`. */
export function mutate(value: unknown, path: Path, replacement: unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined) return replacement === REMOVED ? null : replacement
  const isLast = rest.length === 0
  if (Array.isArray(value)) {
    if (isLast && replacement === REMOVED) return value.toSpliced(Number(step), 1)
    return value.with(Number(step), mutate(value[Number(step)], rest, replacement))
  }
  const { [step]: inner, ...others } = value as Record<string, unknown>
  if (isLast && replacement === REMOVED) return others
  return { ...others, [step]: mutate(inner, rest, replacement) }
}

const attributes = (count: number): object =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, 'x'] as const))

/** What strangers put in the place of what is expected. */
export const nastyValues: readonly unknown[] = [
  REMOVED,
  null,
  true,
  '',
  'text',
  'x'.repeat(129),
  'a\nb',
  'a\r\nb: c',
  '\u0000',
  '\ud800',
  '\udfff',
  '🙂',
  '__proto__',
  'AAAAAAAAAAAAAAAA',
  'AAAAAAAAAAAAAAA=',
  0,
  -0,
  -1,
  1,
  2,
  1.5,
  5e-324,
  1e290,
  -1e290,
  1.1e290,
  1e294,
  1.1e294,
  1.7976931348623157e308,
  -1.7976931348623157e308,
  2 ** 53 - 1,
  2 ** 53,
  [],
  {},
  [[]],
  [1],
  [0, 1],
  [1, -1],
  [1e-20, 1],
  [null],
  ['a', 1],
  ['a', 1, {}],
  ['a', [3, [0, 2]], {}],
  ['a', 1, {}, 1],
  [1, [0, 1], 9],
  [1, [0, 1], -5],
  [1, [0, 1], 8, -1],
  [1, [0, 0]],
  [1, [0, 1, 2]],
  [1, [300_000, 1]],
  [1, 1, [['a', 1]], []],
  [1, 1, [], []],
  [0, 1, [['a', 1]], []],
  [[1, 2.5, 0, -3]],
  [[1], 2],
  [[1, 1.1e290]],
  Array.from({ length: 42 }, () => 1),
  Array.from({ length: 1_025 }, () => 1),
  [Array.from({ length: 1_025 }, () => 1)],
  [['a', 1], ['a', 2, {}], ['a', 0.1, { a: '' }], ['a', 1e294]], // prettier-ignore
  [['a', [[1, 2]]], ['a', 3], ['a', [3, [0, 2]]], ['a', [1, [0, 2 ** 53 - 1]]]], // prettier-ignore
  Array.from({ length: 201 }, (_, i) => [`m${i}`, 1]),
  Array.from({ length: 322 }, () => 1),
  { constructor: 'x' },
  JSON.parse('{"__proto__":"x"}'),
  { a: null },
  { a: {} },
  { 'a b': 1 },
  { ['a'.repeat(65)]: 1 },
  { a: 'x'.repeat(129) },
  { a: '' },
  attributes(16),
  attributes(17),
]

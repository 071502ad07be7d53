import { MAX_ATTRIBUTES } from '../protocol/limits.ts'
import { isAttributeName, isAttributeText, isMetricName } from '../protocol/series.ts'
import { baseUnitOf } from './base-unit.ts'
import type {
  AttributeKinds,
  Catalog,
  CounterDefinition,
  CounterOptions,
  HistogramDefinition,
  HistogramOptions,
  NoAttributes,
} from './types.ts'

/** `Kinds`, not inferred from where a definition is put: in a catalog it would take any attribute where it has none. */
type Own<Kinds> = [Kinds] extends [infer Same extends AttributeKinds] ? Same : never

/** Most texts of an attribute, and most bounds of a histogram, that the edge takes. */
const MAX_LISTED = 200

/**
 * A metric that only grows. `increment` adds to it.
 * @example counter({ help: 'Clicks on the checkout button.', attributes: { page: ['/cart', '/basket'] } })
 */
/*#__NO_SIDE_EFFECTS__*/
export function counter<const Kinds extends AttributeKinds = NoAttributes>(
  options: CounterOptions<Kinds>,
): CounterDefinition<Own<Kinds>> {
  return { kind: 'counter', ...options } as unknown as CounterDefinition<Own<Kinds>>
}

/**
 * A distribution of measurements. `observe` and `time` add to it.
 * @example histogram({ help: 'How long a search took.', unit: 's', attributes: { cached: 'boolean' }, buckets: [0.1, 1, 3] })
 */
/*#__NO_SIDE_EFFECTS__*/
export function histogram<const Kinds extends AttributeKinds = NoAttributes>(
  options: HistogramOptions<Kinds>,
): HistogramDefinition<Own<Kinds>> {
  return { kind: 'histogram', ...options } as unknown as HistogramDefinition<Own<Kinds>>
}

/**
 * Every metric of a product, by name: the one source of truth for the types of the page, the allowlist of the edge, help
 * texts, units and buckets.
 * @returns the same object
 * @throws {TypeError} that lists every mistake. It depends on the catalog alone, so its author meets it
 * @example
 * export const catalog = defineCatalog({
 *   'checkout.clicks': counter({ help: 'Clicks on the checkout button.', attributes: { page: ['/cart', '/basket'] } }),
 * })
 * const beacon = init<typeof catalog>()
 */
/*#__NO_SIDE_EFFECTS__*/
export function defineCatalog<const Metrics extends Catalog>(catalog: Metrics): Metrics {
  const mistakes = Object.entries(catalog).flatMap(([name, metric]) =>
    mistakesOf(name, metric as unknown as Unchecked | null).map((mistake) => `${name}: ${mistake}`),
  )
  if (mistakes.length > 0) throw new TypeError(`pharos: mistakes in the catalog\n${mistakes.join('\n')}`)
  return catalog
}

/** A definition before it is known to be one: types do not reach a catalog that is written in JavaScript. */
type Unchecked = Readonly<Record<string, unknown>>

function mistakesOf(name: string, metric: Unchecked | null): string[] {
  const { kind, help, unit = '1', buckets = [0], attributes = {} } = metric ?? {}
  const isHistogram = kind === 'histogram'
  if (!isHistogram && kind !== 'counter') return ['make it with counter() or histogram()']
  const kinds = Object.entries(Object(attributes) as AttributeKinds)
  const text = typeof unit === 'string' ? unit : ''
  const baseUnit = baseUnitOf(text)
  const checks: [isRight: boolean, advice: string][] = [
    [isMetricName(name) && isFree(name), 'name it with letters, digits, "_" and ".", at most 128'],
    [!/^pharos[._]/.test(name), 'choose a name that does not begin with "pharos": those are reserved'],
    [typeof help === 'string' && help !== '', 'give its help'],
    [/^[!-~]{1,63}$/.test(text), 'give a base unit as UCUM writes it, such as "s" or "By"'],
    [baseUnit === text, `give the base unit "${baseUnit}" instead of "${text}"`],
    [isHistogram || !('buckets' in metric!), 'a counter has no buckets'],
    [isAscending(buckets), `give 1 to ${MAX_LISTED} finite buckets in ascending order`],
    [kinds.length <= MAX_ATTRIBUTES, `give at most ${MAX_ATTRIBUTES} attributes`],
    ...kinds.flatMap(([attribute, allowed]): typeof checks => [
      [
        isAttributeName(attribute) && isFree(attribute),
        `name attribute "${attribute}" with letters, digits, "_" and ".", at most 64`,
      ],
      [
        isAttributeKind(allowed),
        `attribute "${attribute}" is "boolean", "number", "string" or a list of 1 to ${MAX_LISTED} different texts of 1 to 128 characters`,
      ],
    ]),
  ]
  return checks.flatMap(([isRight, advice]) => (isRight ? [] : advice))
}

/** Keys that could reach a prototype: the configuration of the edge cannot hold them. */
const isFree = (name: string): boolean => !/^(constructor|prototype)$/.test(name)

const isList = (list: unknown): list is readonly unknown[] =>
  Array.isArray(list) && list.length > 0 && list.length <= MAX_LISTED

const isAscending = (bounds: unknown): boolean =>
  isList(bounds) && bounds.every((bound, i) => Number.isFinite(bound) && (i === 0 || bound! > bounds[i - 1]!))

const isAttributeKind = (allowed: unknown): boolean =>
  isList(allowed)
    ? new Set(allowed).size === allowed.length &&
      // An empty text is no attribute at all.
      allowed.every((text) => typeof text === 'string' && text !== '' && isAttributeText(text))
    : allowed === 'boolean' || allowed === 'number' || allowed === 'string'

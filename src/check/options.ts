import { mistakesInAttributes } from './attributes.ts'
import { unknownOption } from './option-names.ts'
import { type Factories, mistakesInPlugins } from './option-plugins.ts'
import { mistakeInUrl } from './option-url.ts'
import { mistakeInConsent } from './consent.ts'
import { mistakeInFilter, mistakeInInterval, mistakeInLabel, mistakeInRate } from './option-values.ts'
import { type Mistake, report } from './report.ts'
import type { Say } from './say.ts'
import { show } from './show.ts'

/** What a check needs beside the options. */
export interface OptionSurroundings {
  /** The address of the page. @default not known: then no check depends on it */
  readonly pageUrl?: string
  /** The functions of the package that make plugins and filters, to tell one that was not called. @default none */
  readonly factories?: Factories
}

type Check = (value: unknown, surroundings: Required<OptionSurroundings>) => readonly Mistake[]

const OF_OPTION = {
  subject: 'option "attributes"',
  all: 'option "attributes" is',
  onWrong: 'It is left out.',
  onTooMany: 'The first 16 are used.',
  onNoObject: 'No attribute is sent.',
  onNothing: 'No attribute is sent.',
}

const NOTHING = 'Nothing is recorded.'

/** Every option there is. */
const CHECKS: Readonly<Record<string, Check>> = {
  url: (value, { pageUrl }) => [mistakeInUrl(value, pageUrl)],
  service: (value) => [mistakeInLabel('service', value)],
  release: (value) => [mistakeInLabel('release', value)],
  attributes: (value) => mistakesInAttributes(value, OF_OPTION),
  plugins: (value, { factories }) => mistakesInPlugins(value, factories),
  flushIntervalMs: (value) => [mistakeInInterval(value)],
  sampleRate: (value) => [mistakeInRate(value)],
  consent: (value) => [value === undefined ? undefined : mistakeInConsent(value)],
  filter: (value, { factories }) => [mistakeInFilter(value, factories['filter'])],
}

/** The names of the options that there are. */
export const OPTION_NAMES: readonly string[] = Object.keys(CHECKS)

/** What `url` is relative to (src/core/endpoint.ts): a frame without an address of its own may have the origin of its parent. */
function pageAddress(): string {
  const { location, origin } = globalThis as { readonly location?: { readonly href: string }; readonly origin?: string }
  const own = location?.href ?? ''
  return !/^https?:/.test(own) && /^https?:/.test(origin ?? '') ? origin! : own
}

/** Prints the mistakes in the options of `init`, one by one. Never throws, whatever they are; calls nothing in them. */
export function checkOptions(
  options: unknown,
  say: Say,
  { pageUrl = pageAddress(), factories = {} }: OptionSurroundings = {},
): void {
  if (options !== undefined && (typeof options !== 'object' || options === null || isArray(options))) {
    // `filter` of an array is no filter, and throws.
    const instead = typeof options === 'object' ? NOTHING : 'All defaults are used.'
    say(`init() was given ${show(options)}. ${instead} Write an object: init({ service: 'shop' }).`)
    return
  }
  const list = { what: 'The list of options', otherwise: 'No option is looked for.' }
  report(say, list, () => mistakesInNames(options ?? {}))
  const given = (options ?? {}) as Readonly<Record<string, unknown>>
  for (const name of OPTION_NAMES)
    report(say, { what: `option "${name}"`, otherwise: NOTHING }, () =>
      CHECKS[name]!(given[name], { pageUrl, factories }),
    )
}

function isArray(value: object): boolean {
  try {
    return Array.isArray(value)
  } catch {
    // A proxy that was revoked.
    return false
  }
}

function mistakesInNames(options: object): Mistake[] {
  const names = Object.keys(options).filter((name) => !OPTION_NAMES.includes(name))
  return names
    .filter((name) => (options as Readonly<Record<string, unknown>>)[name] !== undefined)
    .map((name) => unknownOption(name, OPTION_NAMES))
}

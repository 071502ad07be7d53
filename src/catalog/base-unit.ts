/** Base units, and what people write for multiples and parts of them, or for the same in words. */
const MISFITS: readonly (readonly [unit: string, misfits: RegExp])[] = [
  ['s', /^([mnuµμ]s|\w*secs?|\w*seconds?|min(ute)?s?|h(ou)?rs?|days?|[hd])$/i],
  ['By', /^([kmg]?i?by?|\w*bytes?)$/i],
  ['1', /^(%|pct|percent\w*|ratio)$/i],
]

/** The base unit to measure in instead of `unit`: `s` for `ms`, `By/s` for `kB/s`. `unit` itself where nothing is known against it. */
export const baseUnitOf = (unit: string): string =>
  unit.replace(/^[^/]+/, (main) => MISFITS.find(([, misfits]) => misfits.test(main))?.[0] ?? main)

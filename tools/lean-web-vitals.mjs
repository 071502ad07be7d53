import { resolve } from 'node:path'

/**
 * web-vitals without the parts that the script tag does not use, which are half of it: soft navigations, attribution, and the navigation
 * of a metric. The values stay the same: test/e2e/page-vitals.test.ts compares them with those of the whole library.
 */

/** Modules in a shorter form. */
const SHORTER = new Map([
  [
    'lib/initMetric.js',
    // A page may have broken an API that all metrics use. The call fails here, at the start, and not later, when the browser calls back.
    `import { generateUniqueID } from './generateUniqueID.js'
     import { getActivationStart } from './getActivationStart.js'
     export const initMetric = (name, value = -1, navigationType) => {
       getActivationStart()
       return { name, value, navigationType, id: generateUniqueID() }
     }`,
  ],
  // Tells the metrics of one page apart.
  ['lib/generateUniqueID.js', `let last = 0; export const generateUniqueID = () => ++last`],
  // Chromium 96, Firefox 144 and Safari 26.2 brought `interactionId`, without which there is no INP, and `interactionCount` with it
  // (https://developer.mozilla.org/docs/Web/API/PerformanceEventTiming/interactionId#browser_compatibility).
  [
    'lib/polyfills/interactionCountPolyfill.js',
    `export const getInteractionCount = () => performance.interactionCount
     export const initInteractionCountPolyfill = () => {}`,
  ],
])

/** In all other modules. With `false` in place of a condition, the minifier removes the rest. */
const CUTS = [
  // Whether soft navigations are asked for, and the types of entries that then never come.
  [/checkSoftNavsEnabled\(opts\)/g, 'false'],
  [/\w+(?:\.entryType)? === '(?:soft-navigation|interaction-contentful-paint)'/g, 'false'],
  [/if \(reset\) \{[^}]*\}/g, ''],
  // The entries that attribution listens to and shares with the metric, and the manager that keeps them.
  [/this\._on\w+\?\.\(\w+\);|^ +_on\w+;/gm, ''],
  [/const [fl]cpEntryManager = .*;|[fl]cpEntryManager\._processEntry\(.*\);/g, ''],
  [/initUnique\(opts, (\w+)\)/g, 'new $1()'],
  [/metric\.(?:entries|delta)(?: = .*|\.push\(.*\));/g, ''],
  // The navigation of a metric.
  [/(?:, (?:metric\.)?navigation(?:Id|InteractionId|URL|StartTime))+(?:, getBFCacheRestoreTime\(\))?/g, ''],
  [/metric\.navigationId = .*;/g, ''],
]

/** The lines of a cut module are not those of its file, so a source map shows none. */
const NO_POSITIONS = { mappings: '' }

/** The licence of web-vitals asks for this statement (Apache-2.0, section 4b). */
export const WEB_VITALS_CHANGES = `The copy in pharos.js was changed by the Pharos authors: tools/lean-web-vitals.mjs removes soft navigations, attribution and
what a metric says of its navigation.`

/** @throws where web-vitals has none of the code that is cut: another version must be looked at first */
export function leanWebVitals() {
  const left = new Set([...SHORTER.keys(), ...CUTS.map(([pattern]) => pattern)])
  return {
    name: 'lean-web-vitals',
    resolveId: (id) => (id === 'web-vitals' ? resolve('node_modules/web-vitals/dist/modules/index.js') : null),
    transform(code, id) {
      if (!id.includes('web-vitals')) return null
      const path = [...SHORTER.keys()].find((end) => id.endsWith(end))
      left.delete(path)
      if (path) return { code: SHORTER.get(path), map: NO_POSITIONS }
      let result = code
      for (const [pattern, instead] of CUTS) {
        if (result.search(pattern) >= 0) left.delete(pattern)
        result = result.replace(pattern, instead)
      }
      return { code: result, map: result === code ? null : NO_POSITIONS }
    },
    buildEnd(error) {
      if (!error && left.size)
        throw new Error(`tools/lean-web-vitals.mjs: web-vitals has no ${[...left].join(', ')} any more`)
    },
  }
}

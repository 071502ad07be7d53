/** What a page weighs that imports `init` and `webVitals`. */
export { init, webVitals } from '../../src/index.ts'

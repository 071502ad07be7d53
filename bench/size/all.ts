/** What a page weighs that imports every plugin. */
export { attribution, errors, init, longTasks, navigation, requests, visibility, webVitals } from '../../src/index.ts'

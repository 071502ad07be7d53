/** What `npm run size` weighs as the core: a page that imports `init` and nothing else. */
export { init } from '../../src/index.ts'

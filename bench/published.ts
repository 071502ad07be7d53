import { resolve } from 'node:path'
import type { Plugin } from 'esbuild'

/** Takes the package as it is published in place of its source: `npm run build` comes first. */
export const published: Plugin = {
  name: 'published',
  setup: (build) => {
    build.onResolve({ filter: /\/src\/index\.ts$/ }, () => ({ path: resolve(import.meta.dirname, '../dist/index.js') }))
  },
}

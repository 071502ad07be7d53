import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Copies the declarations that a user of the package can reach from dist/declarations, which has those of all sources, to dist/types.
 * What the entries export, and what its types mention, is the package's surface; all other declarations are its own business.
 */
const DECLARATIONS = 'dist/declarations'
const PUBLISHED = 'dist/types'

/** `from './types.ts'` and `import('./types.ts')`: declarations name each other as the sources do. */
const IMPORT = /(?:from|import\()\s*['"](\.[^'"]+)\.ts['"]/g

function reachable(files) {
  const found = new Set(files)
  // A Set's iterator also visits what is added on the way.
  for (const file of found)
    for (const [, path] of readFileSync(join(DECLARATIONS, file), 'utf8').matchAll(IMPORT))
      found.add(join(dirname(file), `${path}.d.ts`))
  return found
}

const { exports } = JSON.parse(readFileSync('package.json', 'utf8'))
const entries = Object.values(exports).flatMap(({ types }) => (types ? [types.replace(`./${PUBLISHED}/`, '')] : []))

rmSync(PUBLISHED, { recursive: true, force: true })
for (const file of reachable(entries)) {
  mkdirSync(join(PUBLISHED, dirname(file)), { recursive: true })
  copyFileSync(join(DECLARATIONS, file), join(PUBLISHED, file))
}

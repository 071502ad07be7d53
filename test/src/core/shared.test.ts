import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { shared } from '../../../src/core/shared.ts'
import { repository } from '../../support/paths.ts'

const IMPORT = /^import \{([^}]+)\} from '\.\.\/core\/(.+)'/gm

/** Only the development build speaks, and it has no parts. */
const NOT_SHARED = new Set(['speak'])

/** What the lazy parts import of the core, by the module it is in. */
const imports = globSync(['src/courier/*.ts', 'src/compact/*.ts'], { cwd: repository }).flatMap((file) =>
  Array.from(readFileSync(join(repository, file), 'utf8').matchAll(IMPORT)).flatMap(([, names, module]) =>
    names!
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name && !name.startsWith('type ') && !NOT_SHARED.has(name))
      .map((name) => [name, module!] as const),
  ),
)

it('is all that the lazy parts use of the core, and nothing else', () => {
  expect(Object.keys(shared).sort()).toEqual([...new Set(imports.map(([name]) => name))].sort())
})

it.each(imports)('has the %s of %s', async (name, module) => {
  const exports = (await import(join(repository, 'src/core', module))) as Record<string, unknown>
  expect(shared[name]).toBe(exports[name])
})

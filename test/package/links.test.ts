import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { deadLinks } from '../support/dead-links.ts'
import { packDryRun } from '../support/packed.ts'
import { repository } from '../support/paths.ts'

const read = (path: string): string => readFileSync(join(repository, path), 'utf8')
const tracked = globSync('{*.md,.github/**/*.md,docs/**,test/**,src/**,worker/**,tools/**,demo/**,bench/*,LICENSE}', {
  cwd: repository,
  exclude: ['**/node_modules'],
})

const readRepository = (path: string): string | undefined => (tracked.includes(path) ? read(path) : undefined)

const textsOf = (paths: readonly string[]): ReadonlyMap<string, string> =>
  new Map(paths.filter((path) => path.endsWith('.md')).map((path) => [path, read(path)]))

it('every link in the package leads to a file and heading of the package, or of the repository on GitHub', async () => {
  const { files } = await packDryRun()
  const documents = textsOf(files)
  expect([...documents.keys()]).toEqual(expect.arrayContaining(['README.md', 'CHANGELOG.md', 'docs/README.md']))
  expect(deadLinks({ documents, has: (path) => files.includes(path), readRepository })).toEqual([])
})

it('every link between documents of the repository leads somewhere', () => {
  const documents = textsOf(tracked)
  expect(deadLinks({ documents, has: (path) => tracked.includes(path), readRepository })).toEqual([])
})

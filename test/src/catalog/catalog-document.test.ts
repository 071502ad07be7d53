import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { emitMarkdown } from '../../../tools/catalog/emit-markdown.ts'
import { emitRules } from '../../../tools/catalog/emit-rules.ts'
import { emitWorkerConfig } from '../../../tools/catalog/emit-worker-config.ts'
import type { Catalog } from '../../../src/catalog/types.ts'
import { repository } from '../../support/paths.ts'

const docs = await readFile(join(repository, 'docs/CATALOG.md'), 'utf8')
const block = (language: string): string =>
  new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'm').exec(docs)?.[1] ?? `no block in ${language}`

const entry = pathToFileURL(join(repository, 'src/catalog/index.ts')).href

/** The catalog in the document, loaded as a module of its own. */
async function shownCatalog(): Promise<Catalog> {
  const folder = await mkdtemp(join(tmpdir(), 'pharos-document-'))
  try {
    const file = join(folder, 'metrics.ts')
    await writeFile(file, block('ts').replace("'pharos-beacon/catalog'", `'${entry}'`))
    const module = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as { catalog: Catalog }
    return module.catalog
  } finally {
    await rm(folder, { recursive: true })
  }
}

it('docs/CATALOG.md shows what the commands print', async () => {
  const catalog = await shownCatalog()
  expect(Object.keys(catalog)).toEqual(['checkout.clicks', 'search.duration'])
  expect(JSON.parse(block('json'))).toEqual(JSON.parse(emitWorkerConfig(catalog)))
  const cellsOf = (text: string): string[] =>
    text.split('\n').map((row) => row.replace(/ +\|/g, ' |').replace(/-{3,}/g, '---'))
  const table = cellsOf(emitMarkdown(catalog)).slice(0, -1)
  expect(cellsOf(docs)).toEqual(expect.arrayContaining(table))
  expect(emitRules(catalog)).toContain(block('yaml').replaceAll("'", '"'))
})

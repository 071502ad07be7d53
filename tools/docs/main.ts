// Writes the parts of README.md and docs/ that follow from the code: `npm run docs`.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DESTINATIONS } from '../../worker/destinations/kinds.ts'
import { generatePage, PAGES } from './pages.ts'

for (const page of Object.keys(PAGES)) {
  const file = join(import.meta.dirname, '../..', page)
  await writeFile(file, await generatePage({ page, file }, await readFile(file, 'utf8'), DESTINATIONS))
}

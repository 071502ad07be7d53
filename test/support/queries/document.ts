import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { repository } from '../paths.ts'

const FILE = join(repository, 'docs/QUERIES.md')

const edges = (section: string): readonly [begin: string, end: string] => [
  `<!-- begin ${section}: written by npm run queries -->`,
  `<!-- end ${section} -->`,
]

/** Markdown as it stands in the document. */
async function formatted(markdown: string): Promise<string> {
  return (await format(markdown, { ...(await resolveConfig(FILE)), parser: 'markdown' })).trim()
}

function find(document: string, section: string): readonly [from: number, to: number] {
  const [begin, end] = edges(section)
  const from = document.indexOf(begin)
  const to = document.indexOf(end)
  if (from < 0 || to < from) throw new Error(`docs/QUERIES.md has no section between "${begin}" and "${end}"`)
  return [from + begin.length, to]
}

/** A section of docs/QUERIES.md that the measurements write, and whether it says what they say now. */
export async function compareSection(section: string, markdown: string): Promise<{ said: string; measured: string }> {
  const document = await readFile(FILE, 'utf8')
  const [from, to] = find(document, section)
  return { said: document.slice(from, to).trim(), measured: await formatted(markdown) }
}

/** Writes a section anew. */
export async function writeSection(section: string, markdown: string): Promise<void> {
  const document = await readFile(FILE, 'utf8')
  const [from, to] = find(document, section)
  await writeFile(FILE, `${document.slice(0, from)}\n\n${await formatted(markdown)}\n\n${document.slice(to)}`)
}

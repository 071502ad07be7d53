import { format, resolveConfig } from 'prettier'
import type { DestinationDefinition } from '../../worker/model/destination-definition.ts'
import { choiceTable, smallestConfiguration, temporalityTable } from './destination-tables.ts'
import { fill } from './fill.ts'

type Part = (kinds: readonly DestinationDefinition[]) => string

/** The generated parts of each page, by the names of their marks. */
export const PAGES: Readonly<Record<string, Readonly<Record<string, Part>>>> = {
  'README.md': { kinds: choiceTable },
  'docs/EXPORTERS.md': { kinds: temporalityTable, smallest: smallestConfiguration },
}

/** A page with its generated parts as they should be. @param file its whole path, for the options of the format */
export async function generatePage(
  { page, file }: { readonly page: string; readonly file: string },
  text: string,
  kinds: readonly DestinationDefinition[],
): Promise<string> {
  const filled = Object.entries(PAGES[page]!).reduce((all, [name, part]) => fill(all, name, part(kinds)), text)
  return format(filled, { ...(await resolveConfig(file)), parser: 'markdown' })
}

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { repository } from './paths.ts'

export interface Import {
  readonly file: string
  /** A file in the repository. */
  readonly imported: string
}

/** The source files below a folder of the repository, without generated code and declarations. */
export const sourcesIn = (folder: string): string[] =>
  readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts') && !name.includes('.wrangler'))
    .map((name) => join(folder, name))

/** What a file imports from the repository, types included. */
export const importsOf = (file: string): Import[] =>
  [...readFileSync(join(repository, file), 'utf8').matchAll(/(?:\bfrom|\bimport\(?)\s*'(\.{1,2}\/[^']+)'/g)].map(
    ([, specifier = '']) => ({ file, imported: normalize(join(dirname(file), specifier)) }),
  )

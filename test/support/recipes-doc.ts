import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './paths.ts'

/** Path in a project, and what the file holds. */
export type Files = Readonly<Record<string, string>>

export interface Recipe {
  /** The heading of its section. */
  readonly title: string
  /** Its own blocks of code. */
  readonly files: Files
}

/** A block of code names its file in its first line: `// src/beacon.ts`, or `<!-- src/App.vue -->`. */
const BLOCK = /^```\w+\n(?:\/\/|<!--) (\S+\.\w+)(?: -->)?\n([^]*?)^```$/gm

export const recipesDoc: string = readFileSync(join(repository, 'docs/RECIPES.md'), 'utf8')

/** The sections of docs/RECIPES.md that have code. */
export const recipes: readonly Recipe[] = recipesDoc
  .split(/^## /m)
  .slice(1)
  .map((section) => ({
    title: section.slice(0, section.indexOf('\n')),
    files: Object.fromEntries([...section.matchAll(BLOCK)].map(([, path, code]) => [path!, code!])),
  }))
  .filter(({ files }) => Object.keys(files).length > 0)

const filesOf = (title: string): Files => {
  const recipe = recipes.find((one) => one.title === title)
  if (!recipe) throw new Error(`docs/RECIPES.md has no code under "${title}"`)
  return recipe.files
}

/** The files of a recipe, with the two that all of them import. */
export const recipeFiles = (title: string): Files => ({ ...filesOf('The beacon'), ...filesOf(title) })

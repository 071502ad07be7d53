// Pure: no I/O, no clock, no randomness; the caller loads the modules.
import { defineCatalog } from '../../src/catalog/define-catalog.ts'
import type { Catalog } from '../../src/catalog/types.ts'
import { emitMarkdown } from './emit-markdown.ts'
import { emitRules } from './emit-rules.ts'
import { emitWorkerConfig } from './emit-worker-config.ts'
import { findClashes } from './prometheus-names.ts'

/** The exit status: 0, or 1 for a catalog that is wrong or not there, 2 for a call that is wrong. */
export interface CommandResult {
  readonly exitCode: 0 | 1 | 2
  readonly output: string
  readonly errors: string
}

const emitters: Readonly<Record<string, (catalog: Catalog) => string>> = {
  '--markdown': emitMarkdown,
  '--prometheus-rules': emitRules,
  '--worker-config': emitWorkerConfig,
}

const USAGE = `usage: pharos-catalog <file> ${Object.keys(emitters).join('|')}
  <file>              a module that exports a catalog as "catalog" or as its default
  --markdown          a table of the metrics
  --prometheus-rules  recording and alerting rules to begin with
  --worker-config     the keys of the worker's variable PHAROS
`

/** @param load gives what a module exports */
export async function runCommand(
  args: readonly string[],
  load: (file: string) => Promise<Readonly<Record<string, unknown>>>,
): Promise<CommandResult> {
  if (args.includes('--help')) return { exitCode: 0, output: USAGE, errors: '' }
  const [file, ...otherFiles] = args.filter((arg) => !arg.startsWith('-'))
  const [option = '', ...otherOptions] = args.filter((arg) => arg.startsWith('-'))
  const emit = Object.hasOwn(emitters, option) ? emitters[option] : undefined
  if (!file || !emit || otherFiles.length > 0 || otherOptions.length > 0)
    return { exitCode: 2, output: '', errors: USAGE }
  try {
    const catalog = catalogOf(await load(file))
    const clashes = findClashes(catalog)
    if (clashes.length > 0) return failed(file, clashes.join('\n'))
    return { exitCode: 0, output: emit(catalog), errors: '' }
  } catch (error) {
    return failed(file, error instanceof Error ? error.message : String(error))
  }
}

const failed = (file: string, message: string): CommandResult => ({
  exitCode: 1,
  output: '',
  errors: `${file}: ${message}\n`,
})

function catalogOf(exported: Readonly<Record<string, unknown>>): Catalog {
  const catalog = exported['catalog'] ?? exported['default']
  if (typeof catalog !== 'object' || catalog === null)
    throw new TypeError('export the catalog as "catalog" or as the default')
  return defineCatalog(catalog as Catalog)
}

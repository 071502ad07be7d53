import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import type { OutputOptions, RollupOptions } from 'rollup'

/** What the worker imports as `#script`. */
const SCRIPT_MODULE = 'dist/script.js'
const STAMP = 'dist/script.inputs.json'
const CONFIG = 'rollup.config.mjs'

/** What the build reads beside the sources that it bundles. The lock file stands for the versions of rollup and terser. */
const READ_TOO = [
  CONFIG,
  'tools/build-script.mjs',
  'tools/internal-names.mjs',
  'src/core/types.ts',
  'package-lock.json',
]

/** The files that the script was made of, and the hash of their contents, of the endpoint built in, and of the result. */
interface Stamp {
  readonly inputs: readonly string[]
  readonly hash: string
}

/**
 * Whether `dist/` holds the script of the sources as they are. It compares contents: `git checkout` back and forth needs no new
 * build, and a copy that keeps old times is noticed. The output is part of the hash, so any other build may replace it.
 */
export function isScriptCurrent(): boolean {
  try {
    const { inputs, hash } = JSON.parse(readFileSync(STAMP, 'utf8')) as Stamp
    return hash === hashOf(inputs)
  } catch {
    return false
  }
}

/** Builds the script tag's files and the module that hands it to the worker: the part of `npm run build` that the demo needs. */
export async function buildScript(): Promise<void> {
  // Here, because loading them takes longer than everything else when there is nothing to build.
  const { rollup } = await import('rollup')
  const { scriptTag } = (await import(new URL(`../../${CONFIG}`, import.meta.url).href)) as {
    scriptTag: RollupOptions & { output: OutputOptions }
  }
  const bundle = await rollup({ ...scriptTag, logLevel: 'silent' })
  const { output } = await bundle.generate(scriptTag.output)
  await bundle.close()
  mkdirSync('dist', { recursive: true })
  for (const file of output) replace(`dist/${file.fileName}`, file.type === 'chunk' ? file.code : file.source)
  const inputs = [...bundle.watchFiles.map((file) => relative('.', file)), ...READ_TOO]
  replace(STAMP, JSON.stringify({ inputs, hash: hashOf(inputs) } satisfies Stamp))
}

function hashOf(inputs: readonly string[]): string {
  const hash = createHash('sha256').update(`${process.env['PHAROS_URL']}\n`)
  for (const file of [...inputs, SCRIPT_MODULE]) {
    const content = readFileSync(file)
    hash.update(`${file} ${content.length}\n`).update(content)
  }
  return hash.digest('hex')
}

/** In one step: another server may be reading the file. */
function replace(file: string, content: string | Uint8Array): void {
  const temporary = `${resolve(file)}.${process.pid}`
  writeFileSync(temporary, content)
  renameSync(temporary, file)
}

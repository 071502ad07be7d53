import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The folder of a package, at the end of everything that stands before a module's path in it. */
const PACKAGE = /^\0?(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)/

const INTRODUCTION = `The files of this package contain code of the packages below, under these licences. script.js and worker.js also hold the files
of the script tag (pharos*.js) as text.`

/**
 * Writes down whose code the build's files contain. Most licences ask that every copy comes with their text.
 * @param changes what was changed in a package's code, by its name
 */
export function createLicenses(changes) {
  const filesByFolder = new Map()
  return {
    /** A plugin that notes the packages in `file`, as this output is called in dist/. */
    collect: (file) => ({
      name: 'collect-packages',
      generateBundle(_options, bundle) {
        for (const id of Object.values(bundle).flatMap(({ moduleIds = [] }) => moduleIds)) {
          const folder = PACKAGE.exec(id)?.[1]
          if (folder) filesByFolder.set(folder, (filesByFolder.get(folder) ?? new Set()).add(file))
        }
      },
    }),
    /** A plugin for the last output of a build. */
    write: {
      name: 'write-licenses',
      generateBundle() {
        const packages = Array.from(filesByFolder, ([folder, files]) => describePackage(folder, [...files]))
        const sections = packages
          .sort((a, b) => (a.name < b.name ? -1 : 1))
          .map(({ name, title, texts }) => [title, changes[name], ...texts].filter(Boolean).join('\n\n'))
        const source = [INTRODUCTION, ...sections].join(`\n\n${'='.repeat(80)}\n\n`)
        this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-LICENSES.txt', source: `${source}\n` })
      },
    },
  }
}

/** @throws where a package has no licence file: its terms must be looked at first */
function describePackage(folder, fileNames) {
  const files = fileNames.sort((a, b) => (a < b ? -1 : 1)).join(', ')
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const texts = readdirSync(folder)
    .filter((file) => /^(?:licen[cs]e|notice|copying)/i.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').trim())
  if (texts.length === 0)
    throw new Error(
      `${name} ${version} (${license}) is bundled into ${files} but has no licence file: find its text and its terms`,
    )
  return { name, title: `${name} ${version} (${license})\nin ${files}`, texts }
}

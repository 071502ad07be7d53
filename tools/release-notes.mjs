import { readFileSync } from 'node:fs'

/**
 * The text of a release on GitHub: the section of CHANGELOG.md with the version of the tag.
 * @param release `{ tag, version, changelog }`: the tag that is released, the version in package.json, the text of CHANGELOG.md
 * @throws where they do not agree, so that a wrong tag publishes nothing
 */
export function releaseNotes({ tag, version, changelog }) {
  if (tag !== `v${version}`)
    throw new Error(`the tag ${tag} is not v${version}, the version in package.json: change one of them`)
  const [, ...sections] = changelog.split(/^## /m)
  const section = sections.find((text) => text.split(/\s/, 1)[0] === version)
  const newline = section?.indexOf('\n') ?? -1
  if (newline < 0) throw new Error(`CHANGELOG.md has no section "## ${version}": write what changes for users`)
  if (/unreleased/i.test(section.slice(0, newline)))
    throw new Error(`CHANGELOG.md calls ${version} unreleased: write its date instead`)
  return section.slice(newline).trim()
}

if (import.meta.main) {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  const notes = releaseNotes({ tag: process.argv[2], version, changelog: readFileSync('CHANGELOG.md', 'utf8') })
  process.stdout.write(`${notes}\n`)
}

import { join } from 'node:path'
import { expect, it } from 'vitest'
import { repository } from '../support/paths.ts'

interface Release {
  readonly tag: string
  readonly version: string
  readonly changelog: string
}

const { releaseNotes } = (await import(join(repository, 'tools/release-notes.mjs'))) as {
  readonly releaseNotes: (release: Release) => string
}

const changelog = `# Changelog

## 0.3.0 (unreleased)

- Later.

## 0.2.0 (2026-12-24)

### Added

- New.

## 0.1.0 (2026-11-01)

- First.
`

it.each([
  ['0.2.0', '### Added\n\n- New.'],
  ['0.1.0', '- First.'],
])('takes the section of %s alone', (version, notes) => {
  expect(releaseNotes({ tag: `v${version}`, version, changelog })).toBe(notes)
})

it.each([
  ['v0.2.1', '0.2.0', 'the tag v0.2.1 is not v0.2.0'],
  ['0.2.0', '0.2.0', 'the tag 0.2.0 is not v0.2.0'],
  ['v0.2.0-rc.1', '0.2.0', 'the tag v0.2.0-rc.1 is not v0.2.0'],
  ['v0.3.0', '0.3.0', 'CHANGELOG.md calls 0.3.0 unreleased'],
  ['v0.4.0', '0.4.0', 'CHANGELOG.md has no section "## 0.4.0"'],
  ['v0.2', '0.2', 'CHANGELOG.md has no section "## 0.2"'],
])('refuses the tag %s of version %s', (tag, version, message) => {
  expect(() => releaseNotes({ tag, version, changelog })).toThrow(message)
})

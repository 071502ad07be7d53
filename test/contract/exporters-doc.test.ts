import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseOverride } from '../../worker/config/override.ts'
import { readConfig } from '../../worker/config/read-config.ts'
import { DESTINATIONS } from '../../worker/destinations/kinds.ts'
import { repository } from '../support/paths.ts'
import { promises } from './promises/index.ts'

const docs = readFileSync(join(repository, 'docs/EXPORTERS.md'), 'utf8')
const blocks = (language: string): string[] =>
  [...docs.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text!)

const configurations = blocks('json')

describe('docs/EXPORTERS.md', () => {
  it.each(configurations.map((text, i) => [i + 1, text] as const))('configuration %i is taken as it is', (_, text) => {
    expect(readConfig({ PHAROS: text })).toMatchObject({ ok: true })
  })

  it('has a configuration of every kind', () => {
    const kinds = configurations.flatMap((text) => {
      const config = readConfig({ PHAROS: text })
      return config.ok ? config.value.destinations.map(({ kind }) => kind) : []
    })
    expect([...new Set(kinds)].sort()).toEqual(DESTINATIONS.map(({ kind }) => kind).sort())
  })

  it('shows a runtime configuration that is taken', () => {
    const [body] = blocks('sh').flatMap((text) => /\/v1\/config -d '([^']*)'/.exec(text)?.[1] ?? [])
    expect(parseOverride(JSON.parse(body!))).toMatchObject({ ok: true })
  })

  it('lists the promises of the contract in their order', () => {
    const section = /takes. An exporter:\n\n([^]*?)\n\n/.exec(docs)?.[1] ?? ''
    const listed = [...section.matchAll(/^- `(\w+)`: (.*)$/gm)].map(([, name, what]) => [name, what])
    expect(listed).toEqual(Object.entries(promises).map(([name, { what }]) => [name, what]))
  })
})

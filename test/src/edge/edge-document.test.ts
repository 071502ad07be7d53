import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { resolveEdgeOptions } from '../../../src/edge/options.ts'
import { MAX_SERIES } from '../../../src/core/series.ts'
import { MAX_ATTRIBUTES, RETENTION_MS } from '../../../src/protocol/limits.ts'
import { repository } from '../../support/paths.ts'

const text = readFileSync(join(repository, 'docs/EDGE.md'), 'utf8')

it('names every option, with its default', () => {
  const section = text.split('## Options')[1]!.split('## ')[0]!
  const rows = [...section.matchAll(/^\| `(\w+)` .*\| (.*?) +\|$/gm)].map(([, name, fallback]) => [name, fallback])
  const { flushTimeoutMs } = resolveEdgeOptions({ url: 'https://edge.test/' })
  expect(Object.fromEntries(rows)).toMatchObject({ flushTimeoutMs: `${flushTimeoutMs}` })
  const source = readFileSync(join(repository, 'src/edge/options.ts'), 'utf8')
  const [declared] = /export interface EdgeOptions \{[^]*?\n\}/.exec(source)!
  const names = [...declared.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name]) => name)
  expect(rows.map(([name]) => name)).toEqual(names)
})

it('has the limits as they are', () => {
  expect(text).toContain(`at most ${MAX_ATTRIBUTES}`)
  expect(text).toContain(`at most ${MAX_SERIES} series`)
  expect(text).toContain(`for ${RETENTION_MS / 3_600_000} hours`)
})

import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { minify } from 'terser'
import { expect, it, vi } from 'vitest'
import { OPTION_NAMES } from '../../src/check/options.ts'
import * as compactorPart from '../../src/compact/compactor.ts'
import { createEntry } from '../../src/core/entry.ts'
import { start } from '../../src/core/start.ts'
import * as courierPart from '../../src/courier/courier.ts'
import { IDLE } from '../../src/protocol/send-state.ts'
import { repository } from '../support/paths.ts'

interface Tool {
  readonly RESERVED: readonly string[]
  readonly mangledProperties: () => { readonly regex: RegExp }
}

const { RESERVED, mangledProperties } = (await import(join(repository, 'tools/internal-names.mjs'))) as Tool

/** Those of the names that the build makes short. */
async function shortened(names: readonly string[]): Promise<string[]> {
  const code = `globalThis.all = [${names.map((name) => `(it) => it.${name}`).join()}]`
  const { code: minified } = await minify(code, { compress: false, mangle: { properties: mangledProperties() } })
  const kept = Array.from(minified!.matchAll(/=>\w+\.([\w$]+)/g), ([, name]) => name)
  return names.filter((name, i) => name !== kept[i])
}

const read = (file: string): string => readFileSync(join(repository, file), 'utf8')
const quotedIn = (text: string): string[] => Array.from(text.matchAll(/["']([A-Za-z_]\w*)["']/g), ([, name]) => name!)

/** Names of the properties of every interface and type literal in files. */
const propertiesIn = (pattern: string): string[] =>
  globSync(pattern, { cwd: repository }).flatMap((file) =>
    Array.from(read(file).matchAll(/^\s+(?:readonly )?(\w+)\??:/gm), ([, name]) => name!),
  )

const entry = createEntry({
  session: 's',
  weight: 1,
  resource: {},
  sequence: 1,
  sealedMs: 0,
  records: 0,
  drops: {},
  text: '',
})
const parts = { courier: async () => courierPart, compactor: async () => compactorPart }
vi.stubGlobal('document', new EventTarget())
vi.stubGlobal('window', new EventTarget())
const beacon = start({}, parts, 'https://beacon.test/v1/beacon')

const OUTSIDE: readonly (readonly [string, readonly string[]])[] = [
  ['the wire', propertiesIn('src/protocol/types.ts')],
  ['the schema of the wire', quotedIn(read('docs/protocol.schema.json'))],
  ['the entries of the outbox', [...Object.keys(entry), 'leftMs']],
  ['the pace in the outbox', [...Object.keys(IDLE), 'settings', 'heardMs']],
  ['the settings of the edge', ['enabled', 'sampleRate', 'flushIntervalMs']],
  ['the options', OPTION_NAMES],
  ['the beacon', [...Object.keys(beacon), 'add', 'record']],
  ['its stats', Object.keys(beacon.stats())],
  ['the result of a flush', ['acknowledged', 'reason']],
  ['the debug panel', ['calls', 'reason', ...Object.keys(beacon.stats())]],
  ['the options and contexts of plugins', propertiesIn('src/plugins/*.ts')],
  [
    'the options of the edge client and of OpenTelemetry',
    [...propertiesIn('src/edge/types.ts'), ...propertiesIn('src/otel/*.ts')],
  ],
  ['what a filter sees', ['kind', 'name', 'value', 'attributes']],
  ['what the lazy parts export', [...Object.keys(courierPart), ...Object.keys(compactorPart)]],
  ['how the script tag loads its parts', ['path', 'integrity', 'shared', 'take', 'onerror']],
  ['the DOM', quotedIn(read('node_modules/terser/tools/domprops.js'))],
]

it.each(OUTSIDE)('no name that the build makes short is one of %s', async (_, names) => {
  expect(names.length).toBeGreaterThan(1)
  expect(await shortened([...new Set(names)])).toEqual([])
})

it('the names of the state are short', async () => {
  const names = [
    'current',
    'dirty',
    'unreported',
    'loose',
    'folded',
    'isActivated',
    'unsaved',
    'inFlightBytes',
    'makeRoom',
  ]
  expect(await shortened(names)).toEqual(names)
})

it('takes whole names only', async () => {
  expect(await shortened(['isOnline', 'own2', 'disown', 'currently'])).toEqual([])
})

it('reserves nothing that could be short', () => {
  const elsewhere = new Set(OUTSIDE.flatMap(([, names]) => names))
  expect(RESERVED.filter((name) => !elsewhere.has(name))).toEqual([])
})

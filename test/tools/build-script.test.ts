import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { rollup, type Plugin } from 'rollup'
import { describe, expect, it } from 'vitest'
import type { Script, ScriptFile } from '../../worker/model/script-file.ts'
import { repository } from '../support/paths.ts'
import { temporaryFolder } from '../support/processes.ts'

interface Tool {
  readonly describeFile: (name: string, body: string) => ScriptFile
  readonly minifyWith: (options: object) => Plugin
  readonly withParts: (parts: readonly Part[], minify: Plugin) => Plugin
  readonly withUrl: (url?: string) => Plugin
}

interface Part {
  readonly name: string
  readonly input: string
  readonly plugins?: readonly Plugin[]
  readonly external?: RegExp
  readonly globals?: () => string
}

const { describeFile, minifyWith, withParts, withUrl } = (await import(
  join(repository, 'tools/build-script.mjs')
)) as Tool

const TAG = `import { parts } from './script-tag/parts.ts'
globalThis.loads = parts`

/** Sources of a tag, and of a part that says a word. */
async function write(word: string): Promise<string> {
  const folder = await temporaryFolder('parts')
  mkdirSync(join(folder, 'script-tag'))
  // What types and editors see; the build has another.
  writeFileSync(join(folder, 'script-tag/parts.ts'), 'export const parts = {}')
  writeFileSync(join(folder, 'script-tag.ts'), TAG)
  writeFileSync(join(folder, 'word.ts'), `export const word = ${JSON.stringify(word)}`)
  writeFileSync(join(folder, 'courier.ts'), `import { word } from './word.ts'\nglobalThis.said = word`)
  writeFileSync(join(folder, 'lazy.ts'), `import('./word.ts').then(console.log)`)
  return folder
}

async function build(folder: string, part = 'courier.ts'): Promise<{ files: Map<string, string>; inputs: string[] }> {
  const minify = minifyWith({ mangle: { toplevel: true } })
  const plugin = withParts([{ name: 'courier', input: join(folder, part) }], minify)
  const bundle = await rollup({ input: join(folder, 'script-tag.ts'), plugins: [plugin], logLevel: 'silent' })
  const { output } = await bundle.generate({ file: 'pharos.js', format: 'iife', plugins: [minify] })
  await bundle.close()
  const files = output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : String(file.source)] as const)
  return { files: new Map(files), inputs: bundle.watchFiles }
}

/** The script, as the worker imports it. */
const scriptOf = (files: ReadonlyMap<string, string>): Script =>
  JSON.parse(files.get('script.js')!.replace('export const script = ', '')) as Script

describe('a build with parts', () => {
  it('gives the tag the paths and the integrities of its parts', async () => {
    const { files } = await build(await write('hello'))
    const { main, parts } = scriptOf(files)
    expect([...files.keys()].toSorted()).toEqual([
      'pharos-courier.js',
      'pharos-courier.js.map',
      'pharos.js',
      'script.js',
    ])
    expect(main).toEqual(describeFile('pharos', files.get('pharos.js')!))
    expect(parts).toEqual([describeFile('pharos-courier', files.get('pharos-courier.js')!)])
    const run = (code: string): unknown =>
      JSON.parse(
        execFileSync(process.execPath, [
          '-p',
          `${code};JSON.stringify([globalThis.loads, globalThis.said])`,
        ]).toString(),
      )
    const { path, integrity } = parts[0]!
    expect(run(main.body)).toEqual([{ courier: { path, integrity } }, null])
    expect(run(parts[0]!.body)).toEqual([null, 'hello'])
  })

  it('has another hash of the tag when only a part has changed', async () => {
    const [one, same, other] = await Promise.all(
      ['hello', 'hello', 'goodbye'].map(async (word) => build(await write(word))),
    )
    expect(scriptOf(same!.files)).toEqual(scriptOf(one!.files))
    expect(scriptOf(other!.files).main.hash).not.toBe(scriptOf(one!.files).main.hash)
  })

  it('names the sources of the parts, so that a change in one is a reason to build again', async () => {
    const folder = await write('hello')
    const { inputs } = await build(folder)
    expect(inputs).toEqual(expect.arrayContaining([join(folder, 'courier.ts'), join(folder, 'word.ts')]))
  })

  it('makes one file of a part that imports lazily', async () => {
    const { files } = await build(await write('hello'), 'lazy.ts')
    expect([...files.keys()].toSorted()).toEqual([
      'pharos-courier.js',
      'pharos-courier.js.map',
      'pharos.js',
      'script.js',
    ])
    expect(execFileSync(process.execPath, ['-e', files.get('pharos-courier.js')!]).toString()).toContain('hello')
  })

  it('says which part was not built, and why', async () => {
    const folder = await write('hello')
    writeFileSync(join(folder, 'lost.ts'), `import './nowhere.ts'`)
    await expect(build(folder, 'lost.ts')).rejects.toThrow(/part courier .*lost\.ts, was not built: .*nowhere/)
  })
})

it('a part takes from the tag what it is not to hold', async () => {
  const folder = await write('hello')
  const minify = minifyWith({})
  const shared = { external: /word/, globals: () => 'globalThis.shared' }
  const plugin = withParts([{ name: 'courier', input: join(folder, 'courier.ts'), ...shared }], minify)
  const bundle = await rollup({ input: join(folder, 'script-tag.ts'), plugins: [plugin], logLevel: 'silent' })
  const { output } = await bundle.generate({ file: 'pharos.js', format: 'iife', plugins: [minify] })
  await bundle.close()
  const courier = output.find(({ fileName }) => fileName === 'pharos-courier.js') as { source: string }
  expect(courier.source).not.toContain('hello')
  const code = `globalThis.shared = { word: 'of the tag' };${courier.source};globalThis.said`
  expect(execFileSync(process.execPath, ['-p', code]).toString().trim()).toBe('of the tag')
})

describe('a build for one endpoint', () => {
  const builtUrl = async (url?: string): Promise<unknown> => {
    const folder = await temporaryFolder('endpoint')
    mkdirSync(join(folder, 'script-tag'))
    writeFileSync(join(folder, 'script-tag/built-url.ts'), 'export const builtUrl = undefined')
    writeFileSync(join(folder, 'entry.ts'), `export { builtUrl as default } from './script-tag/built-url.ts'`)
    const bundle = await rollup({ input: join(folder, 'entry.ts'), plugins: [withUrl(url)] })
    const { output } = await bundle.generate({ format: 'es' })
    await bundle.close()
    const { default: value } = (await import(`data:text/javascript,${encodeURIComponent(output[0].code)}`)) as {
      default: unknown
    }
    return value
  }

  it('holds its address', async () => {
    expect(await builtUrl('https://beacon.example.com/v1/beacon')).toBe('https://beacon.example.com/v1/beacon')
    expect(await builtUrl('HTTP://localhost:8787/a b')).toBe('http://localhost:8787/a%20b')
  })

  it.each([undefined, ''])('holds none where PHAROS_URL is %o', async (url) => {
    expect(await builtUrl(url)).toBeUndefined()
  })

  it.each([
    '/v1/beacon',
    'beacon.example.com/v1/beacon',
    'ftp://beacon.example.com/v1/beacon',
    'https://beacon.example.com',
  ])('is refused for %s, and says what to write', (url) => {
    expect(() => withUrl(url)).toThrow(
      `PHAROS_URL="${url}" is not the address of an endpoint: write all of it, such as https://beacon.example.com/v1/beacon`,
    )
  })
})

it('describes a file by what is in it', () => {
  const body = 'window.pharos = "é"'
  const digest = (algorithm: string, encoding: 'hex' | 'base64'): string =>
    createHash(algorithm).update(body).digest(encoding)
  const hash = digest('sha256', 'hex').slice(0, 16)
  const { brotli, ...file } = describeFile('pharos-compact', body)
  expect(file).toEqual({
    name: 'pharos-compact',
    path: `/pharos-compact.${hash}.js`,
    hash,
    integrity: `sha256-${digest('sha256', 'base64')}`,
    body,
  })
  expect(brotliDecompressSync(Buffer.from(brotli, 'base64')).toString()).toBe(body)
})

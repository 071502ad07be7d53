import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { counter, defineCatalog } from '../../../src/catalog/define-catalog.ts'
import { runCommand } from '../../../tools/catalog/command.ts'
import { emitMarkdown } from '../../../tools/catalog/emit-markdown.ts'
import { emitRules } from '../../../tools/catalog/emit-rules.ts'
import { emitWorkerConfig } from '../../../tools/catalog/emit-worker-config.ts'
import { repository } from '../../support/paths.ts'
import { run } from '../../support/run.ts'

const clicks = counter({ help: 'Clicks.' })
const catalog = defineCatalog({ clicks })

const runOn = (exported: Record<string, unknown>, ...args: string[]): ReturnType<typeof runCommand> =>
  runCommand(args, async (file) => {
    if (file === 'shop.ts') return exported
    throw new Error(`Cannot find ${file}`)
  })

describe('runCommand', () => {
  it.each([
    ['--markdown', emitMarkdown],
    ['--prometheus-rules', emitRules],
    ['--worker-config', emitWorkerConfig],
  ])('writes %s', async (option, emit) => {
    const written = { exitCode: 0, output: emit(catalog), errors: '' }
    expect(await runOn({ catalog }, 'shop.ts', option)).toEqual(written)
    expect(await runOn({ default: catalog }, option, 'shop.ts')).toEqual(written)
  })

  it.each([[], ['shop.ts'], ['--markdown'], ['shop.ts', '--html'], ['shop.ts', '--constructor']])(
    'says how it is called: %j',
    async (...args) => {
      expect(await runOn({ catalog }, ...args)).toMatchObject({
        exitCode: 2,
        output: '',
        errors: expect.stringMatching(/^usage: /),
      })
    },
  )

  it.each([
    ['shop.ts', 'other.ts', '--markdown'],
    ['shop.ts', '--markdown', '--worker-config'],
  ])('takes one file and one option', async (...args) => {
    expect(await runOn({ catalog }, ...args)).toMatchObject({ exitCode: 2 })
  })

  it('helps', async () => {
    expect(await runOn({}, '--help')).toMatchObject({
      exitCode: 0,
      output: expect.stringMatching(/^usage: /),
      errors: '',
    })
  })

  it.each<[Record<string, unknown>, string]>([
    [{}, 'export the catalog as "catalog" or as the default'],
    [{ catalog: 'clicks' }, 'export the catalog as "catalog" or as the default'],
    [{ catalog: { clicks: {} } }, 'pharos: mistakes in the catalog\nclicks: make it with counter() or histogram()'],
    [{ catalog: { 'a.b': clicks, a_b: clicks } }, '"a.b" and "a_b" are both a_b_total in Prometheus: rename one'],
  ])('says what is wrong with %j', async (exported, message) => {
    const failed = { exitCode: 1, output: '', errors: `shop.ts: ${message}\n` }
    expect(await runOn(exported, 'shop.ts', '--markdown')).toEqual(failed)
  })

  it('says that a file cannot be loaded', async () => {
    const failed = { exitCode: 1, output: '', errors: 'other.ts: Cannot find other.ts\n' }
    expect(await runOn({ catalog }, 'other.ts', '--markdown')).toEqual(failed)
  })
})

describe('the command', () => {
  const main = join(repository, 'tools/catalog/main.ts')
  const shop = join(repository, 'test/tools/catalog/shop.ts')

  it('reads a module and writes to the standard output', async () => {
    const { catalog: all } = await import('./shop.ts')
    expect(await run(process.execPath, [main, shop, '--markdown'])).toBe(emitMarkdown(all))
  })

  it('fails with a reason', async () => {
    await expect(run(process.execPath, [main, 'none.ts', '--markdown'])).rejects.toThrow('none.ts: Cannot find module')
    await expect(run(process.execPath, [main])).rejects.toThrow('usage: pharos-catalog')
  })
})

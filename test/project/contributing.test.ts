import { execFile } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { scriptsIn } from '../support/npm-commands.ts'
import { repository } from '../support/paths.ts'

const run = promisify(execFile)
const read = (path: string): string => readFileSync(join(repository, path), 'utf8')
const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> }

/** What a reader of the repository is told to run. */
const documents = ['CONTRIBUTING.md', 'README.md', ...globSync('{docs,.github}/**/*.md', { cwd: repository })]

it.each(documents.filter((document) => scriptsIn(read(document)).length > 0))(
  '%s names only npm scripts that exist',
  (document) => {
    expect(scriptsIn(read(document)).filter((name) => !(name in scripts))).toEqual([])
  },
)

it.each([
  ['`npm run lint` and `npm test`', ['lint', 'test']],
  ['npm install && npm start', ['start']],
  ['npm run --silent build', ['build']],
  ['npm run test:unit -- test/a.test.ts', ['test:unit']],
  ['npm ci, npm install, npm scripts and npm testing', []],
])('scripts are found in %j', (text, names) => {
  expect(scriptsIn(text)).toEqual(names)
})

describe('CONTRIBUTING.md', () => {
  const text = read('CONTRIBUTING.md')

  it('names only files and folders that exist, or that its reader makes', () => {
    const paths = Array.from(
      text.matchAll(/(?<![\w/.])((?:src|worker|test|docs|tools|\.github)\/[\w./<>-]+)/g),
      ([, path]) => path!.replace(/\.$/, ''),
    )
    expect(paths.length).toBeGreaterThan(20)
    expect(paths.filter((path) => !path.includes('<') && !existsSync(join(repository, path)))).toEqual([])
  })

  it('says how to run the tests of a file, of a folder and of a word, and each finds some', async () => {
    const commands = Array.from(
      text.matchAll(/^npm run test:unit -- ((?!--watch).*?)(?: +#.*)?$/gm),
      ([, words]) => words!,
    )
    expect(commands.length).toBeGreaterThan(1)
    const found = await Promise.all(
      commands.map(async (words) => {
        const filters = words.replaceAll("'", '').split(/\s+/)
        const args = ['node_modules/vitest/vitest.mjs', 'list', '--config', 'test/vitest.config.ts', ...filters]
        const { stdout } = await run(process.execPath, [...args, '--project', 'node', '--project', 'worker'], {
          cwd: repository,
        })
        return stdout.trim().split('\n').length
      }),
    )
    expect(Math.min(...found)).toBeGreaterThan(0)
  })
})

import { defineConfig, type OxlintConfig, type OxlintOverride } from 'oxlint'
import { type Drawing, readDrawings } from './tools/rooms/drawing.ts'
import { wallsOf } from './tools/rooms/walls.ts'

const [page, worker] = readDrawings(import.meta.dirname) as [page: Drawing, worker: Drawing]

/** What a pure room may not touch: a clock, randomness, a network. */
const IMPURE = ['Date', 'performance', 'crypto', 'fetch', 'setTimeout', 'setInterval', 'scheduler']

/** The shell of the worker: these rooms may use a clock, storage or a network. */
const SHELL = new Set(['index', 'aggregator', 'http', 'flush', 'delivery', 'storage', 'log'])

/** The page, which the worker may not import, but for the rooms that both drawings have. */
const PAGE = [...page.rooms]
  .filter(([room]) => !worker.rooms.has(room))
  .flatMap(([, paths]) => paths.map((it) => `**/${it}`))

type Rules = NonNullable<OxlintOverride['rules']>

const imports = (patterns: string[]): Rules => ({ 'no-restricted-imports': ['error', { patterns }] })
const globals = (names: string[]): Rules => ({ 'no-restricted-globals': ['error', ...names] })

const config: OxlintConfig = defineConfig({
  plugins: ['typescript', 'unicorn', 'import', 'promise', 'vitest'],
  categories: {
    correctness: 'error',
    suspicious: 'error',
    perf: 'error',
  },
  ignorePatterns: ['dist', '.cache', '**/*.generated.*'],
  rules: {
    'max-lines': [
      'error',
      {
        max: 200,
        skipBlankLines: true,
        skipComments: true,
      },
    ],
    'max-params': [
      'error',
      {
        max: 3,
      },
    ],
    eqeqeq: [
      'error',
      'always',
      {
        null: 'ignore',
      },
    ],
    'no-console': 'error',
    'import/no-default-export': 'error',
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'unicorn/filename-case': [
      'error',
      {
        case: 'kebabCase',
      },
    ],
    'typescript/no-floating-promises': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/no-explicit-any': 'error',
    'no-await-in-loop': 'off',
    'no-shadow': 'off',
    'no-underscore-dangle': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    'import/no-unassigned-import': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
    'unicorn/consistent-function-scoping': 'off',
  },
  overrides: [
    ...wallsOf(page, 'src').map((wall) => ({
      files: [...wall.files],
      rules: {
        ...imports(['**/worker/**', '**/tools/**', ...wall.patterns]),
        ...(wall.room === 'protocol' && globals([...IMPURE, 'window', 'document'])),
      },
    })),
    ...wallsOf(worker, 'worker').map(({ room, files, patterns }) => ({
      files: [...files],
      rules: SHELL.has(room)
        ? imports(['**/tools/**', ...PAGE, ...patterns])
        : { ...imports(['**/tools/**', ...PAGE, 'cloudflare:*', ...patterns]), ...globals(IMPURE) },
    })),
    {
      files: ['worker/index.ts', '*.config.*', 'test/**/*.config.ts'],
      rules: { 'import/no-default-export': 'off' },
    },
    {
      files: ['test/**', 'bench/**', 'rollup.config.mjs', 'tools/**', 'demo/**'],
      rules: {
        'no-console': 'off',
        'max-lines': ['error', { max: 400 }],
        'typescript/no-unsafe-enum-assignment': 'off',
      },
    },
  ],
})

export default config

import { expect, it } from 'vitest'
import { deadLinks } from './dead-links.ts'

const GITHUB = 'https://github.com/pharos-beacon/pharos/blob/main'

const repository: Readonly<Record<string, string>> = {
  'README.md': '# Pharos\n## How it compares\n## `flush()` and *more*: 2\n## How it compares',
  'docs/EDGE.md': '# Edge\n```sh\n# not a heading\n```',
  'test/a.test.ts': '',
}
const packed = ['README.md', 'docs/EDGE.md', 'docs/images/pipe.svg']

it.each([
  // [document, text, whether it is dead]
  ['README.md', '[a](docs/EDGE.md)', false],
  ['README.md', '![a](docs/images/pipe.svg)', false],
  ['README.md', '[a](#how-it-compares)', false],
  ['README.md', '[a](#how-it-compares-1)', false],
  ['README.md', '[a](#flush-and-more-2)', false],
  ['docs/EDGE.md', '[a](../README.md#pharos)', false],
  ['docs/EDGE.md', '[a](https://example.com/#anything)', false],
  ['docs/EDGE.md', `[a](${GITHUB}/test/a.test.ts)`, false],
  ['docs/EDGE.md', `[a](${GITHUB}/README.md#pharos)`, false],
  ['docs/EDGE.md', '`[a](gone.md)` and\n```md\n[b](gone.md)\n```', false],
  ['README.md', '[a](test/a.test.ts)', true],
  ['README.md', '[a](docs/GONE.md)', true],
  ['README.md', '[a](#how-it-compares-2)', true],
  ['README.md', '[a](docs/EDGE.md#not-a-heading)', true],
  ['docs/EDGE.md', '[a](EDGE.md#compares)', true],
  ['docs/EDGE.md', '[a](README.md)', true],
  ['docs/EDGE.md', `[a](${GITHUB}/test/gone.test.ts)`, true],
  ['docs/EDGE.md', `[a](${GITHUB}/README.md#gone)`, true],
])('%s: %s', (document, text, isDead) => {
  const documents = new Map([
    ...packed.map((path) => [path, repository[path] ?? ''] as const),
    [document, `${repository[document]}\n\n${text}`],
  ])
  const dead = deadLinks({
    documents,
    has: (path) => packed.includes(path),
    readRepository: (path) => repository[path],
  })
  expect(dead).toHaveLength(isDead ? 1 : 0)
})

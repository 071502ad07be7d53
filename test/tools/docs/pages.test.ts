import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fill } from '../../../tools/docs/fill.ts'
import { generatePage, PAGES } from '../../../tools/docs/pages.ts'
import { DESTINATIONS } from '../../../worker/destinations/kinds.ts'
import { repository } from '../../support/paths.ts'

describe.each(Object.keys(PAGES))('%s', (page) => {
  const file = join(repository, page)

  it('says what the list of destinations says (else: npm run docs)', async () => {
    const text = await readFile(file, 'utf8')
    expect(await generatePage({ page, file }, text, DESTINATIONS)).toBe(text)
  })

  it.each(DESTINATIONS.map(({ kind }) => kind))('names the kind %s', async (kind) => {
    const text = await readFile(file, 'utf8')
    const without = DESTINATIONS.filter((one) => one.kind !== kind)
    expect(await generatePage({ page, file }, text, without)).not.toBe(text)
  })
})

it('every kind says what the tables need', () => {
  for (const { kind, docs } of DESTINATIONS) {
    expect({ kind, docs }).toEqual({
      kind,
      docs: {
        protocol: expect.stringMatching(/\S/),
        ifLost: expect.any(String),
        inDoubt: expect.stringMatching(/\S/),
        ends: expect.stringMatching(/\S/),
        example: expect.any(Object),
      },
    })
    expect(Object.values({ ...docs, example: '' }).join('')).not.toMatch(/[|\n]/)
  }
})

describe('fill', () => {
  it.each([
    ['a\n<!-- x -->\nold\n<!-- /x -->\nb', 'a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb'],
    ['<!-- x --><!-- /x -->', '<!-- x -->\n\nnew\n\n<!-- /x -->'],
  ])('changes only what is between the marks of %j', (before, after) => {
    expect(fill(before, 'x', 'new')).toBe(after)
  })

  it.each(['', '<!-- x -->', '<!-- /x -->', '<!-- /x --><!-- x -->', '<!-- y --><!-- /y -->'])(
    'of %j says what is missing',
    (text) => {
      expect(() => fill(text, 'x', 'new')).toThrow(
        'put "<!-- x -->" and "<!-- /x -->" where the generated text belongs',
      )
    },
  )
})

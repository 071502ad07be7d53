import { describe, expect, it } from 'vitest'
import {
  BODY_PLACEHOLDERS,
  DEFAULT_SERIES_TEMPLATE,
  DEFAULT_TEMPLATE,
  fillTemplate,
  SERIES_PLACEHOLDERS,
  templateIssues,
} from '../../../../worker/destinations/http/template.ts'

const values = new Map<string, unknown>([
  ['a', 1],
  ['t', '{{a}}'],
  ['o', { x: ['{{a}}'] }],
  ['f', false],
])

describe('fillTemplate', () => {
  it.each([
    ['{{a}}', 1],
    ['{{ a }}', 1],
    ['{{t}}', '{{a}}'],
    ['{{o}}', { x: ['{{a}}'] }],
    ['{{f}}', false],
    ['{{missing}}', null],
    ['[{{a}}|{{t}}|{{o}}|{{f}}|{{missing}}]', '[1|{{a}}|{"x":["{{a}}"]}|false|]'],
    ['{a} {{}', '{a} {{}'],
    [{ '{{a}}': ['{{a}}', 2, null, true] }, { '{{a}}': [1, 2, null, true] }],
    [null, null],
    [{}, {}],
  ])('%j is %j', (template, filled) => {
    expect(fillTemplate(template, (word) => values.get(word))).toEqual(filled)
  })

  it('leaves the template as it was', () => {
    const template = { x: ['{{a}}'] }
    fillTemplate(template, () => 1)
    expect(template).toEqual({ x: ['{{a}}'] })
  })
})

describe('templateIssues', () => {
  it.each([
    [DEFAULT_TEMPLATE, 'body'],
    [DEFAULT_SERIES_TEMPLATE, 'series'],
    [DEFAULT_TEMPLATE, undefined],
    [DEFAULT_SERIES_TEMPLATE, undefined],
  ] as const)('finds none in what is built in: %j as %s', (template, part) => {
    expect(templateIssues(template, part)).toEqual([])
  })

  it('knows every placeholder where it belongs', () => {
    expect(
      templateIssues(
        BODY_PLACEHOLDERS.map((word) => `{{${word}}}`),
        'body',
      ),
    ).toEqual([])
    expect(templateIssues([...SERIES_PLACEHOLDERS, 'attributes.http.route'].map((word) => `x{{ ${word} }}y`), 'series')).toEqual([]) // prettier-ignore
  })

  it.each([
    ['{{serie}}', undefined, 'knows'],
    ['{{}}', undefined, 'knows'],
    ['a{{constructor}}', undefined, 'knows'],
    ['{{attributes.}}', undefined, 'knows'],
    ['{{attributes.a b}}', undefined, 'knows'],
    [['{{series}}', '{{name}}'], 'body', 'knows'],
    [['{{series}}', '{{attributes.page}}'], 'body', 'knows'],
    ['{{series}}', 'series', 'knows'],
    [{ x: 'series' }, 'body', 'give it a {{series}}'],
    [{ '{{name}}': 1 }, undefined, 'put placeholders into values'],
    [undefined, undefined, 'give JSON'],
    [{ x: () => 1 }, undefined, 'give JSON'],
    [[Number.NaN], undefined, 'give JSON'],
    [Array.from({ length: 40 }).reduce((inner) => [inner], '{{series}}'), undefined, 'give JSON'],
  ] as const)('%j as %s: %s', (template, part, message) => {
    const mistakes = templateIssues(template, part)
    expect(mistakes).toHaveLength(1)
    expect(mistakes[0]).toMatch(new RegExp(`^${message}`))
  })

  it('repeats nothing of what was written', () => {
    expect(templateIssues({ '{{s3cret}}': '{{s3cret}}' }).join()).not.toContain('s3cret')
  })
})

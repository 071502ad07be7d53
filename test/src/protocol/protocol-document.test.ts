import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decodeEnvelope } from '../../../src/protocol/decode.ts'
import { addExact } from '../../../src/protocol/exact-sum.ts'
import * as limits from '../../../src/protocol/limits.ts'
import { accepts } from '../../support/schema.ts'

const document = readFileSync(new URL('../../../docs/PROTOCOL.md', import.meta.url), 'utf8')
const limitsTable = document
  .slice(document.indexOf('## Limits'), document.indexOf('### Beyond the schema'))
  .replaceAll(/ +/g, ' ')

/** As the table writes a number: 65,536 and 1e290. */
const inProse = (value: number): string =>
  value > Number.MAX_SAFE_INTEGER ? String(value).replace('+', '') : value.toLocaleString('en')

describe('docs/PROTOCOL.md', () => {
  it.each(Object.entries(limits))('lists the limit %s as %d', (_, value) => {
    expect(limitsTable).toContain(`| ${inProse(value)} |`)
  })

  it('lists no number that is not a limit', () => {
    const known = new Set(Object.values(limits).map(inProse))
    const written = [...limitsTable.matchAll(/^\|[^|]+\| ([^|]+) \|/gm)].map(([, value]) => value!)
    expect(written.slice(2).filter((value) => !known.has(value))).toEqual([])
  })

  it.each([...document.matchAll(/```json\n([^]*?)```/g)].map(([, example]) => [JSON.parse(example!)]))(
    'has examples that are decoded whole',
    (example) => {
      const decoded = decodeEnvelope(example)
      expect(accepts(example)).toBe(true)
      expect(decoded.ok && decoded.value.flatMap(({ dropped }) => dropped)).toEqual([])
    },
  )

  it('says truly what the sum of 0.1 and 0.2 is', () => {
    const sum: number[] = []
    addExact(sum, 0.1)
    addExact(sum, 0.2)
    expect(document).toContain(`\`[${sum.join(', ')}]\``)
  })

  it('says truly which buckets a list of gaps is', () => {
    const batch = [1, 1, [], [['a', [3.5, [255, 1, 148, 2]]]]]
    const body = { v: 1, sent: 1, groups: [{ session: 'AAAAAAAAAAAAAAAA', resource: {}, batches: [batch] }] }
    const decoded = decodeEnvelope(body)
    expect(decoded.ok && [...decoded.value[0]!.histograms[0]!.value.positive]).toEqual([[255, 1], [403, 2]]) // prettier-ignore
  })
})

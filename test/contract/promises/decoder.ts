import { expect } from 'vitest'
import type { SnapshotSeries } from '../../../worker/model/types.ts'
import type { Harness } from '../harness.ts'
import type { ExporterPromise } from '../promise.ts'
import { counterOf } from '../snapshots.ts'
import type { Decoded } from '../subject.ts'

const TEXTS = [
  '',
  ' a  b ',
  '\u2028\u2029\u0085\u00a0\ufeff',
  'a"b\'c`d',
  'a\\b\\n\\"c',
  'a\nb\r\nc\td',
  '👩‍👩‍👧 é e\u0301 \u202e',
  '\ud83d and \ude00',
  '<a>&amp;{{value}}${x}%0A%00',
  ',;=|{}[]#',
  'null',
  'x'.repeat(10_000),
]

/** A series with any text as the value of an attribute; some of them no page may send. */
function counterWith(text: string): SnapshotSeries {
  const one = counterOf('clicks', 7)
  return { ...one, series: { ...one.series, attributes: [['page', text]] } }
}

/** A text as formats write it: as it is, in JSON, with a backslash before what is special, and with doubled quotes. */
const formsOf = (text: string): string[] => [
  text,
  JSON.stringify(text).slice(1, -1),
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"'),
  text.replaceAll('"', '""'),
]

function checkDecoder({ requestsOf, decode, plainBody }: Harness, text: string): void {
  // The brackets keep a text from meeting another one in the request by chance.
  const marked = `<${text}>`
  const requests = requestsOf([counterWith(marked)])
  let decoded: readonly Decoded[]
  try {
    decoded = requests.flatMap(decode)
  } catch (error) {
    // Half a surrogate pair is no text, so a decoder may refuse it.
    if (text.isWellFormed()) throw error
    return
  }
  const name = JSON.stringify(text.slice(0, 40))
  const values = decoded.map(({ value }) => value)
  expect(values, `mend decode() of this test: it reads other values beside the text ${name}`).toEqual([7])
  const wellFormed = marked.toWellFormed()
  const bodies = requests.map((request) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(plainBody(request)))
  const isWritten = [...formsOf(marked), ...formsOf(wellFormed)].some((form) =>
    bodies.some((body) => body.includes(form)),
  )
  if (!isWritten) return
  const hasText = Object.values(decoded[0]!.labels).some((label) => label === marked || label === wellFormed)
  expect(hasText, `mend decode() of this test: the request holds the text ${name}, but decode() does not give it`).toBe(
    true,
  )
}

export const decoder: ExporterPromise = {
  what: 'is read by a decoder that takes any text (a failure here is a fault of the decoder)',
  check: (harness) => {
    for (const text of TEXTS) checkDecoder(harness, text)
  },
}

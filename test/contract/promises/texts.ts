import * as fc from 'fast-check'
import { expect } from 'vitest'
import { hostileText } from '../arbitraries.ts'
import type { Harness } from '../harness.ts'
import { always, type ExporterPromise } from '../promise.ts'
import { counterOf } from '../snapshots.ts'

const TEXTS = ['x'.repeat(126), 'Straße', '/a?b=c&d', '"\\', '\u2028', '😀', '\u{2a6df}', '\u{10fffd}']

function checkText({ read }: Harness, page: string, service: string): void {
  const [found] = read([counterOf('clicks', 1, { service, attributes: { page } })])
  expect(Object.values(found!.labels)).toEqual(expect.arrayContaining([page, service]))
}

export const texts: ExporterPromise = {
  what: 'sends the value of an attribute and the name of a service as they are',
  check: (harness) => {
    // Never the same text twice: one of the two could stand for the other.
    for (const text of TEXTS) {
      checkText(harness, text, 'shop')
      checkText(harness, '/', text)
    }
    const text = hostileText.filter((one) => one !== '')
    always(fc.property(text, text, (page, service) => checkText(harness, page, service)))
  },
}

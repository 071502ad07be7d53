import { describe, expect, it } from 'vitest'
import { isPageReport, isReservedName } from '../../../worker/model/reserved.ts'

describe('isReservedName', () => {
  it.each([
    ['pharos.dropped', true],
    ['pharos_series', true],
    ['pharos.', true],
    ['pharos', false],
    ['pharosx.y', false],
    ['shop.pharos.x', false],
  ])('%s: %s', (name, reserved) => {
    expect(isReservedName(name)).toBe(reserved)
  })
})

describe('isPageReport', () => {
  const report = [['reason', 'outbox_full'], ['where', 'page']] as const // prettier-ignore
  it.each([
    ['pharos.dropped', report, true],
    ['pharos_dropped', report, false],
    ['pharos.batches', report, false],
    ['pharos.dropped', [], false],
    ['pharos.dropped', [['reason', 'outbox_full']], false],
    [
      'pharos.dropped',
      [
        ['reason', 'made_up'],
        ['where', 'page'],
      ],
      false,
    ],
    [
      'pharos.dropped',
      [
        ['reason', 'constructor'],
        ['where', 'page'],
      ],
      false,
    ],
    [
      'pharos.dropped',
      [
        ['reason', 'outbox_full'],
        ['where', 'edge'],
      ],
      false,
    ],
    ['pharos.dropped', [...report, ['x', 'y']], false],
  ] as const)('%s with %j: %s', (name, attributes, allowed) => {
    expect(isPageReport(name, attributes)).toBe(allowed)
  })
})

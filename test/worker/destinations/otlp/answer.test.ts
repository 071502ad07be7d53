import { describe, expect, it } from 'vitest'
import { readOtlpAnswer } from '../../../../worker/destinations/otlp/answer.ts'
import type { Verdict } from '../../../../worker/model/types.ts'

const PROTOBUF = 'application/x-protobuf'
const JSON_TYPE = 'application/json'

const text = (body: string): number[] => [...new TextEncoder().encode(body)]

/** A message of field 1, partial_success, which holds `fields`. */
const partial = (...fields: readonly number[]): number[] => [0x0a, fields.length, ...fields]

const verdictOf = (contentType: string | undefined, body: readonly number[], status = 200): Verdict =>
  readOtlpAnswer({
    status,
    header: (name) => (name === 'content-type' ? contentType : undefined),
    body: Uint8Array.from(body),
  })

describe('readOtlpAnswer', () => {
  it.each<[string, readonly [contentType: string | undefined, body: readonly number[]], object]>([
    ['no body', [PROTOBUF, []], {}],
    ['no content-type', [undefined, partial(0x08, 3)], {}],
    ['a partial success that is there but empty', [PROTOBUF, [0x0a, 0x00]], {}],
    ['3 rejected', [PROTOBUF, partial(0x08, 3)], { rejected: 3 }],
    [
      '300 rejected, and why',
      [PROTOBUF, partial(0x08, 0xac, 0x02, 0x12, 2, ...text('no'))],
      { rejected: 300, warning: 'no' },
    ],
    ['a warning', [PROTOBUF, partial(0x08, 0, 0x12, 2, ...text('hm'))], { warning: 'hm' }],
    ['fields of a later version', [PROTOBUF, [0x10, 1, ...partial(0x18, 1, 0x08, 3)]], { rejected: 3 }],
    ['less than none rejected', [PROTOBUF, partial(0x08, ...Array<number>(9).fill(0xff), 1)], {}],
    ['a body cut off', [PROTOBUF, [0x0a, 100, 0x12, 200]], {}],
    ['text', [PROTOBUF, text('ok')], {}],
    ['a page', ['text/html', text('<html>')], {}],
    ['JSON, nothing in it', [JSON_TYPE, text('{}')], {}],
    ['JSON, an empty partial success', [JSON_TYPE, text('{"partialSuccess":{}}')], {}],
    ['JSON, rejected as text', [JSON_TYPE, text('{"partialSuccess":{"rejectedDataPoints":"3"}}')], { rejected: 3 }],
    [
      'JSON, rejected as a number, with a charset',
      ['Application/JSON; charset=utf-8', text('{"partialSuccess":{"rejectedDataPoints":3,"errorMessage":"no"}}')],
      { rejected: 3, warning: 'no' },
    ],
    ['JSON, a warning', [JSON_TYPE, text('{"partialSuccess":{"errorMessage":"hm"}}')], { warning: 'hm' }],
    ['JSON of another shape', [JSON_TYPE, text('{"partialSuccess":{"rejectedDataPoints":"x","errorMessage":1}}')], {}],
    ['JSON that is none', [JSON_TYPE, text('{"partialSuccess"')], {}],
    ['null', [JSON_TYPE, text('null')], {}],
  ])('takes a success for one: %s', (_what, [contentType, body], expected) => {
    expect(verdictOf(contentType, body)).toEqual({ type: 'accepted', ...expected })
  })

  it('retries four statuses and no other, 500 neither', () => {
    const statuses = Array.from({ length: 300 }, (_, i) => 300 + i)
    expect(statuses.filter((status) => verdictOf(PROTOBUF, [], status).type === 'retry')).toEqual([429, 502, 503, 504])
    expect(new Set(statuses.map((status) => verdictOf(PROTOBUF, [], status).type))).toEqual(
      new Set(['retry', 'refused']),
    )
  })
})

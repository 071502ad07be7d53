import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reportAttributes } from '../../../worker/policy/reports-details.ts'

const long = 'a'.repeat(64)
const url = 'https://shop.example.com/cart?secret=1'

describe('reportAttributes', () => {
  it.each<[string, object, object]>([
    ['crash', {}, { reason: 'unknown' }],
    ['crash', { reason: '' }, { reason: 'unknown' }],
    ['crash', { reason: null }, { reason: 'unknown' }],
    ['crash', { reason: 'oom', stack: 'f at x.js' }, { reason: 'oom' }],
    ['crash', { reason: 'unresponsive' }, { reason: 'unresponsive' }],
    ['crash', { reason: 'OOM' }, { reason: 'other' }],
    ['crash', { reason: 'toString' }, { reason: 'other' }],
    ['crash', { reason: ['oom'] }, { reason: 'other' }],
    ['deprecation', { id: 'UnloadHandler', message: 'x' }, { id: 'UnloadHandler' }],
    ['deprecation', { id: 'a b' }, { id: 'other' }],
    ['deprecation', { id: 'a\n' }, { id: 'other' }],
    ['deprecation', { id: `${long}a` }, { id: 'other' }],
    ['deprecation', { id: long }, { id: long }],
    ['deprecation', { id: 7 }, { id: 'other' }],
    ['intervention', { id: 'PreventDefaultPassive' }, { id: 'PreventDefaultPassive' }],
    ['csp-violation', { effectiveDirective: 'script-src-elem', disposition: 'enforce' }, { directive: 'script-src-elem', disposition: 'enforce' }],
    ['csp-violation', { effectiveDirective: 'img-src', disposition: 'report', blockedURL: url }, { directive: 'img-src', disposition: 'report' }],
    ['csp-violation', { effectiveDirective: 'made-up-src', disposition: 'x' }, { directive: 'other', disposition: 'other' }],
    ['csp-violation', {}, { directive: 'unknown', disposition: 'unknown' }],
    ['network-error', { phase: 'dns', type: 'dns.name_not_resolved', status_code: 0 }, { error: 'dns.name_not_resolved', phase: 'dns', status: '' }],
    ['network-error', { phase: 'application', type: 'http.error', status_code: 404 }, { error: 'http.error', phase: 'application', status: '4xx' }],
    ['network-error', { phase: 'x', type: 'http error', status_code: 1e9 }, { error: 'other', phase: 'other', status: '' }],
    ['network-error', { phase: 'dns', type: `dns.${long}`, status_code: '404' }, { error: 'other', phase: 'dns', status: '' }],
    ['permissions-policy-violation', { policyId: 'camera', disposition: 'enforce' }, { disposition: 'enforce', id: 'camera' }],
    ['permissions-policy-violation', { featureId: 'camera', disposition: 'report' }, { disposition: 'report', id: 'camera' }],
    ['permissions-policy-violation', { featureId: 'a', policyId: 'b' }, { disposition: 'unknown', id: 'b' }],
    ['potential-permissions-policy-violation', { featureId: 'usb' }, { disposition: 'unknown', id: 'usb' }],
    ['document-policy-violation', { policyId: 'sync-xhr' }, { disposition: 'unknown', id: 'sync-xhr' }],
    ['coep', { disposition: 'reporting', type: 'corp', blockedURL: url }, { disposition: 'report' }],
    ['coop', { disposition: 'enforce' }, { disposition: 'enforce' }],
    ['integrity-violation', { blockedURL: url }, {}],
    ['csp-hash', { hash: 'sha256-x' }, {}],
  ])('keeps what is bounded of a %s with %j', (type, body, details) => {
    expect(reportAttributes(type, body as never)).toEqual({ type, ...details })
  }) // prettier-ignore

  it.each(['made-up', 'constructor', '__proto__', 'Crash', '', '\ud800', url])('has no word of a type %j', (type) => {
    expect(reportAttributes(type, { id: 'x', reason: 'oom' })).toEqual({ type: 'other' })
  })

  it.each([
    [100, '1xx'],
    [200, '2xx'],
    [304.5, '3xx'],
    [599, '5xx'],
    [99, ''],
    [600, ''],
    [-404, ''],
    [Number.NaN, ''],
    [Infinity, ''],
    [[404], ''],
    [null, ''],
  ])('has the class of the status %o as %j', (status, expected) => {
    expect(reportAttributes('network-error', { status_code: status })['status']).toBe(expected)
  })

  it('is bounded and depends on nothing else, whatever a browser sends', () => {
    const type = fc.oneof(
      fc.constantFrom('crash', 'csp-violation', 'network-error', 'coep', 'deprecation', 'permissions-policy-violation'),
      fc.string({ unit: 'binary' }),
    )
    const keys = ['id', 'reason', 'type', 'phase', 'status_code', 'disposition', 'effectiveDirective', 'policyId']
    const body = fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string()), fc.anything())
    fc.assert(
      fc.property(type, body, (type, body) => {
        const attributes = reportAttributes(type, body)
        expect(Object.keys(attributes).length).toBeLessThanOrEqual(4)
        for (const [name, value] of Object.entries(attributes)) {
          expect(name).toMatch(/^(type|reason|id|directive|disposition|phase|error|status)$/)
          expect(value).toMatch(name === 'status' ? /^([1-5]xx)?$/ : /^[\w.-]{1,64}$/)
        }
        expect(reportAttributes(type, { ...body, message: 'hunter2', blockedURL: url })).toEqual(attributes)
      }),
    )
  })
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RETENTION_MS } from '../../../src/protocol/limits.ts'
import { parseSeriesKey } from '../../../worker/model/series-key.ts'
import { defaultConfig } from '../../../worker/config/default-config.ts'
import { admitReports, MAX_REPORTS, type ReportRules } from '../../../worker/policy/reports.ts'

const rules: ReportRules = {
  config: { ...defaultConfig, origins: ['https://shop.example.com'] },
  ownOrigin: 'https://beacon.example.com',
  service: 'shop',
  release: '1.4.2',
}

const url = 'https://shop.example.com/cart?secret=1'
const reportOf = (type: string, body: unknown = {}): Record<string, unknown> => ({
  type,
  age: 10,
  url,
  user_agent: 'Mozilla/5.0',
  body,
})

const seriesOf = (json: unknown, more: Partial<ReportRules> = {}): string[] => {
  const admitted = admitReports(json, { ...rules, ...more })
  if (!admitted.ok) return [admitted.error]
  return admitted.value.deltas.map(([key, delta]) => {
    const { kind, name, service, release, attributes } = parseSeriesKey(key)
    expect({ kind, name, service, release }).toEqual({ kind: 'counter', name: 'browser.reports', service: 'shop', release: '1.4.2' }) // prettier-ignore
    return `${attributes.map(([attribute, value]) => `${attribute}=${value}`).join(' ')}: ${JSON.stringify(delta)}`
  })
}

describe('a report becomes one count under what is bounded of it', () => {
  it.each<[string, unknown, string]>([
    ['crash', {}, 'reason=unknown type=crash'],
    ['crash', null, 'reason=unknown type=crash'],
    ['crash', undefined, 'reason=unknown type=crash'],
    ['csp-violation', { effectiveDirective: 'script-src-elem', disposition: 'enforce' }, 'directive=script-src-elem disposition=enforce type=csp-violation'],
    ['network-error', { phase: 'application', type: 'http.error', status_code: 404 }, 'error=http.error phase=application status=4xx type=network-error'],
    ['made-up', { id: 'x', reason: 'oom' }, 'type=other'],
  ])('%s with %j', (type, body, expected) => {
    expect(seriesOf([reportOf(type, body)])).toEqual([`${expected}: [1]`])
  }) // prettier-ignore

  it('adds up those that are alike', () => {
    const reports = ['crash', 'coep', 'crash', 'crash'].map((type) => reportOf(type))
    expect(seriesOf(reports)).toEqual(['reason=unknown type=crash: [3]', 'disposition=unknown type=coep: [1]'])
  })

  it('leaves out a service and a release that nobody wants as labels', () => {
    const config = { ...rules.config, resourceLabels: { service: false, release: false } }
    const admitted = admitReports([reportOf('crash')], { ...rules, config })
    expect(admitted.ok && parseSeriesKey(admitted.value.deltas[0]![0])).toMatchObject({ service: '', release: '' })
  })
})

describe('a violation as report-uri sends it', () => {
  it.each<[string, object, string]>([
    ['CSP Level 3', { 'effective-directive': 'style-src-attr', 'violated-directive': 'style-src-attr', disposition: 'report' }, 'directive=style-src-attr disposition=report'],
    ['CSP Level 2', { 'effective-directive': 'img-src', 'violated-directive': "img-src 'none'" }, 'directive=img-src disposition=unknown'],
    ['CSP Level 1', { 'violated-directive': "img-src 'none'" }, 'directive=img-src disposition=unknown'],
    ['nothing', {}, 'directive=unknown disposition=unknown'],
    ['a wrong directive', { 'violated-directive': 7 }, 'directive=unknown disposition=unknown'],
  ])('%s', (_, violation, expected) => {
    const json = { 'csp-report': { 'document-uri': url, 'blocked-uri': 'inline', ...violation } }
    expect(seriesOf(json)).toEqual([`${expected} type=csp-violation: [1]`])
  }) // prettier-ignore
})

/** As they came, but for the addresses. */
describe('a violation as a browser sent it', () => {
  const page = 'https://shop.example.com/a?b=c'
  const script = 'directive=script-src-elem disposition=enforce'
  it.each<[string, unknown, string]>([
    [
      'Firefox 153, report-uri',
      {
        'csp-report': {
          'blocked-uri': 'inline',
          'column-number': 9,
          disposition: 'enforce',
          'document-uri': page,
          'effective-directive': 'script-src-elem',
          'line-number': 1,
          'original-policy': "script-src 'self'; report-uri https://beacon.example.com/v1/reports",
          referrer: '',
          'source-file': page,
          'status-code': 200,
          'violated-directive': 'script-src-elem',
        },
      },
      script,
    ],
    [
      'WebKitGTK 2.50, report-uri',
      {
        type: 'csp-violation',
        url: page,
        'csp-report': {
          'document-uri': page,
          referrer: '',
          'violated-directive': 'script-src-elem',
          'effective-directive': 'script-src-elem',
          'original-policy': "script-src 'self'; report-uri https://beacon.example.com/v1/reports",
          'blocked-uri': 'inline',
          'status-code': 200,
        },
      },
      script.replace('enforce', 'unknown'),
    ],
    [
      'WebKitGTK 2.50, report-to',
      {
        type: 'csp-violation',
        url: page,
        body: {
          documentURL: page,
          disposition: 'report',
          effectiveDirective: 'img-src',
          blockedURL: 'https://shop.example.com/x.png',
          statusCode: 200,
          sample: '',
        },
      },
      'directive=img-src disposition=report',
    ],
    [
      'Chromium 156, report-to',
      [
        {
          age: 0,
          body: {
            blockedURL: 'https://evil.example/x.js',
            disposition: 'enforce',
            documentURL: page,
            effectiveDirective: 'script-src-elem',
            originalPolicy: "script-src 'self'; report-to pharos",
            sample: '',
            statusCode: 200,
          },
          type: 'csp-violation',
          url: page,
          user_agent: 'Mozilla/5.0',
        },
      ],
      script,
    ],
  ])('%s', (_, json, expected) => {
    expect(seriesOf(json)).toEqual([`${expected} type=csp-violation: [1]`])
  })
})

describe('what is not counted', () => {
  const crash = reportOf('crash')
  const list = (length: number): unknown[] => Array.from({ length }, () => crash)

  it.each<[string, unknown, string]>([
    ['null', null, 'bad_reports'],
    ['a text', 'crash', 'bad_reports'],
    ['an object of no type', { ...crash, type: 7 }, 'bad_reports'],
    ['a violation that is none', { 'csp-report': [] }, 'bad_reports'],
    ['no report', [], 'no_valid_report'],
    ['null in a list', [null], 'no_valid_report'],
    ['a list in a list', [[crash]], 'no_valid_report'],
    ['no type', [{ ...crash, type: undefined }], 'no_valid_report'],
    ['no url', [{ ...crash, url: 7 }], 'no_valid_report'],
    ['an age that is a text', [{ ...crash, age: '10' }], 'no_valid_report'],
    ['an endless age', [{ ...crash, age: Infinity }], 'no_valid_report'],
    ['a body that is a text', [{ ...crash, body: 'oom' }], 'no_valid_report'],
    ['a violation of no page', { 'csp-report': {} }, 'no_valid_report'],
    ['one too many', list(MAX_REPORTS + 1), 'too_many_reports'],
    ['one that is too old', [{ ...crash, age: RETENTION_MS + 1 }], 'expired'],
    ['another page', [{ ...crash, url: 'https://evil.example/' }], 'origin_not_allowed'],
    ['a page that looks like ours', [{ ...crash, url: 'https://shop.example.com.evil.example/' }], 'origin_not_allowed'],
    ['our page as its user', [{ ...crash, url: 'https://shop.example.com@evil.example/' }], 'origin_not_allowed'],
    ['our page over http', [{ ...crash, url: 'http://shop.example.com/' }], 'origin_not_allowed'],
    ['about:blank', [{ ...crash, url: 'about:blank' }], 'origin_not_allowed'],
    ['no address', [{ ...crash, url: 'inline' }], 'origin_not_allowed'],
    ['several reasons', [{ ...crash, url: 'inline' }, null], 'no_valid_report'],
  ])('%s', (_, json, reason) => {
    expect(seriesOf(json)).toEqual([reason])
  }) // prettier-ignore

  it('is left out, by its reason, beside what is', () => {
    const old = { ...crash, age: RETENTION_MS + 1 }
    const admitted = admitReports([old, { ...crash, url: 'https://evil.example/' }, crash, 7], rules)
    expect(admitted.ok && admitted.value.dropped).toEqual(['expired', 'origin_not_allowed', 'bad_shape'])
    expect(admitted.ok && admitted.value.deltas).toHaveLength(1)
  })

  it('is nothing at the limits', () => {
    expect(seriesOf(list(MAX_REPORTS))).toEqual([`reason=unknown type=crash: [${MAX_REPORTS}]`])
    const admitted = admitReports([{ ...crash, age: -5 }, { ...crash, age: RETENTION_MS }, crash], rules)
    expect(admitted).toMatchObject({ ok: true, value: { ageMs: RETENTION_MS, dropped: [] } })
  })

  it.each<[string, readonly string[], string, boolean]>([
    ['any page', ['*'], 'https://evil.example/', true],
    ['even no page', ['*'], 'about:blank', true],
    ['a subdomain', ['https://*.example.com'], 'https://a.b.example.com/x', true],
    ['the own origin', [], 'https://beacon.example.com/', true],
    ['another than the own', [], 'https://shop.example.com/', false],
    ['no page, where only the own may', [], 'about:blank', false],
  ])('depends on the configured origins: %s', (_, origins, ...[url, isCounted]) => {
    const admitted = admitReports([{ ...crash, url }], { ...rules, config: { ...rules.config, origins } })
    expect(admitted.ok).toBe(isCounted)
  })
})

describe('any JSON', () => {
  const mostly = (good: fc.Arbitrary<unknown>, bad: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
    fc.oneof({ arbitrary: good, weight: 4 }, { arbitrary: bad, weight: 1 })
  const report = fc.record({
    type: fc.oneof(fc.constantFrom('crash', 'csp-violation', 'network-error', 'coep', 'deprecation'), fc.string()),
    age: mostly(fc.nat({ max: RETENTION_MS }), fc.constantFrom(-1, RETENTION_MS + 1, 1e300, 'x', null)),
    url: mostly(fc.constant(url), fc.oneof(fc.constantFrom('about:blank', 'https://evil.example/', 7), fc.webUrl())),
    body: fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom('id', 'reason', 'type', 'phase', 'status_code', 'disposition', 'effectiveDirective'), fc.jsonValue()), // prettier-ignore
    ),
  })

  it('counts each report once or drops it, under attributes of a bounded kind', () => {
    let counted = 0
    fc.assert(
      fc.property(fc.oneof(fc.array(report, { maxLength: 8 }), fc.jsonValue()), (json) => {
        const admitted = admitReports(json, rules)
        if (!admitted.ok) return
        const { deltas, dropped, ageMs } = admitted.value
        const sum = deltas.reduce((total, [, delta]) => total + (delta as number[])[0]!, 0)
        expect(sum + dropped.length).toBe((json as unknown[]).length)
        expect(ageMs).toBeLessThanOrEqual(RETENTION_MS)
        expect(new Set(deltas.map(([key]) => key)).size).toBe(deltas.length)
        for (const [key] of deltas) {
          for (const [name, value] of parseSeriesKey(key).attributes) {
            expect(name).toMatch(/^(type|reason|id|directive|disposition|phase|error|status)$/)
            expect(value).toMatch(/^[\w.-]{1,64}$/)
          }
        }
        counted += sum
      }),
      { numRuns: 2_000, seed: 20_261_121 },
    )
    expect(counted).toBeGreaterThan(500)
  })
})

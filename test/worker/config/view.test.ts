import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../worker/config/read-config.ts'
import type { Config } from '../../../worker/config/types.ts'
import { resolveOverride } from '../../../worker/config/override.ts'
import { DESTINATIONS } from '../../../worker/destinations/kinds.ts'
import { viewConfig, type ConfigView } from '../../../worker/config/view.ts'

const CANARY = 'hunter2'

const view = (deployed: Config, override: unknown): ConfigView =>
  viewConfig(resolveOverride(deployed, override, DESTINATIONS), DESTINATIONS)

/** A secret in every place where a user may put one. */
const written = {
  destinations: [
    {
      name: 'prometheus',
      kind: 'prometheus',
      url: `https://example.com/write?token=${CANARY}`,
      tenant: CANARY,
      headers: { 'x-region': CANARY },
      basicAuth: { username: CANARY, passwordSecret: 'PASSWORD' },
      headerSecrets: { 'x-other': 'OTHER' },
    },
    {
      name: 'http',
      kind: 'http',
      url: 'https://example.com/in',
      bearerTokenSecret: 'HTTP_TOKEN',
      template: { key: CANARY, nested: [`Bearer ${CANARY}`, `${CANARY}{{time}}`, 7], series: '{{series}}' },
      seriesTemplate: { name: '{{name}}', key: CANARY },
    },
    { name: 'dog', kind: 'datadog', headers: { 'x-region': CANARY }, url: 'https://example.com' },
    { name: 'relic', kind: 'newrelic' },
    { name: 'files', kind: 'archive', bucket: 'ARCHIVE' },
  ],
}

const config = configOf(written)

function configOf(written: unknown): Config {
  const result = readConfig({ PHAROS: written })
  if (!result.ok) throw new Error(result.error.join('\n'))
  return result.value
}

const override = { destinations: { prometheus: { url: `https://other.example.com/w?key=${CANARY}`, include: ['a*'] } } }

describe('viewConfig', () => {
  it('shows names, and no secret', () => {
    const shown = view(config, override)
    const text = JSON.stringify(shown)
    expect(JSON.stringify(config)).toContain(CANARY)
    expect(text).not.toContain(CANARY)
    for (const name of ['PASSWORD', 'OTHER', 'HTTP_TOKEN', 'DD_API_KEY', 'NEW_RELIC_LICENSE_KEY', 'r2://ARCHIVE'])
      expect(text).toContain(name)
    expect(shown.override).toEqual({
      destinations: { prometheus: { url: 'https://other.example.com/w?key=[redacted]', include: ['a*'] } },
    })
    expect(shown.effective.destinations[0]).toMatchObject({
      url: 'https://other.example.com/w?key=[redacted]',
      headers: { 'x-region': '[redacted]', 'x-scope-orgid': '[redacted]' },
      credentials: [
        { header: 'authorization', secret: 'PASSWORD', scheme: 'basic', username: '[redacted]' },
        { header: 'x-other', secret: 'OTHER', scheme: 'plain' },
      ],
      route: { include: ['a*'], exclude: [], where: {} },
    })
    expect(shown.effective.destinations[1]).toMatchObject({
      template: { key: '[redacted]', nested: ['[redacted]', '[redacted]', 7], series: '{{series}}' },
      seriesTemplate: { name: '{{name}}', key: '[redacted]' },
    })
  })

  it('hides what a configuration made by hand may hold', () => {
    const [first] = config.destinations
    const byHand = { ...config, destinations: [{ ...first!, url: `https://u:${CANARY}@example.com/` }] }
    expect(JSON.stringify(view(byHand, undefined))).not.toContain(CANARY)
  })

  it('shows what pages are told: what holds, and what of it was changed', () => {
    const shown = view(configOf({ page: { sampleRate: 0.5 } }), { page: { enabled: false } })
    expect([shown.effective.page, shown.override]).toEqual([
      { sampleRate: 0.5, enabled: false },
      { page: { enabled: false } },
    ])
  })

  it('is what was deployed where nothing was changed', () => {
    const { override, mistakes, effective } = view(configOf({ flushIntervalMs: 5_000 }), undefined)
    expect({ override, mistakes }).toEqual({ override: null, mistakes: [] })
    expect(effective.flushIntervalMs).toBe(5_000)
  })

  it.each([
    [{ flushIntervalMs: 5_000, destinations: { gone: { url: `https://example.com/?k=${CANARY}` } } }],
    [{ flushIntervalMs: 5_000, later: CANARY }],
  ])('says why what was changed does not hold, for %j', (stored) => {
    const shown = view(config, stored)
    expect(shown.effective.flushIntervalMs).toBe(config.flushIntervalMs)
    expect(shown.mistakes).toHaveLength(1)
    expect(JSON.stringify(shown)).not.toContain(CANARY)
  })
})

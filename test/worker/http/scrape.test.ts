import { describe, expect, it, vi } from 'vitest'
import { readConfig } from '../../../worker/config/read-config.ts'
import { answerScrape, type ScrapePorts } from '../../../worker/http/scrape.ts'
import { createFakeAggregator } from './fake-aggregator.ts'

const ports: ScrapePorts = { config: readConfig({}), aggregator: createFakeAggregator() }

const scrape = (headers: Record<string, string>, changes: Partial<ScrapePorts> = {}): Promise<Response> =>
  answerScrape(new Request('https://beacon.example.com/metrics', { headers }), { ...ports, ...changes })

describe('a scrape', () => {
  const text = 'text/plain; version=0.0.4; charset=utf-8'
  const openmetrics = 'application/openmetrics-text; version=1.0.0; charset=utf-8'
  it.each([
    [undefined, text],
    ['*/*', text],
    ['application/openmetrics-text', openmetrics],
    ['application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1', openmetrics],
    ['text/plain,application/openmetrics-text;q=0.5', text],
    ['application/openmetrics-text;q=0', text],
  ])('that accepts %s gets %s', async (accept, type) => {
    const response = await scrape(accept === undefined ? {} : { accept })
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': type,
      'cache-control': 'no-store',
      vary: 'accept, authorization',
    })
    const body = await response.text()
    expect(body).toContain('clicks_total{service="shop"} 5\n')
    expect(body.endsWith('# EOF\n')).toBe(type === openmetrics)
  })

  it('is told to try again when the totals cannot be reached', async () => {
    const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const response = await scrape({}, { aggregator: createFakeAggregator(new Error('overloaded')) })
    expect(await response.json()).toMatchObject({ status: 503, reason: 'unavailable' })
    expect(errors).toHaveBeenCalledOnce()
    errors.mockRestore()
  })

  it('is sent to the health when the configuration is wrong', async () => {
    const response = await scrape({}, { config: readConfig({ PHAROS: { orgins: [] } }) })
    expect(await response.json()).toMatchObject({ status: 503, reason: 'misconfigured' })
  })
})

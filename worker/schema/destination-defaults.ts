import type { DestinationSettings } from '../model/destination-settings.ts'

/** The defaults of every destination. */
export const destinationDefaults: Pick<
  DestinationSettings,
  'enabled' | 'headers' | 'credentials' | 'route' | 'mapping' | 'intervalMs' | 'maxSeriesPerRequest' | 'timeoutMs'
> = {
  enabled: true,
  headers: {},
  credentials: [],
  route: { include: ['*'], exclude: [], where: {} },
  mapping: [],
  intervalMs: 0,
  maxSeriesPerRequest: 2_000,
  timeoutMs: 10_000,
}

export { type BeaconMeterProvider, createMeterProvider, type MeterProviderOptions } from './meter-provider.ts'
export type { Verbs } from './meter.ts'

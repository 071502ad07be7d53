// No SDK: web-vitals, and every value sent as JSON by sendBeacon.
import { onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals'
import { ENDPOINT } from './endpoint.ts'

const send = (name: string, value: number, attributes: Readonly<Record<string, string>>): void =>
  void navigator.sendBeacon(ENDPOINT, JSON.stringify({ name, value, attributes }))

for (const start of [onCLS, onFCP, onINP, onLCP, onTTFB])
  start(({ name, value, rating }) => send(`web_vitals.${name}`, value, { rating }))
globalThis.countOne = (event) => send('clicks', 1, { event })

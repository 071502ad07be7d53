// No SDK: web-vitals, and every value sent as JSON by sendBeacon, as the documentation of web-vitals does it.
import { onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals'

const send = (name: string, value: number, attributes: Readonly<Record<string, string>>): void =>
  void navigator.sendBeacon('https://collector.example.com/values', JSON.stringify({ name, value, attributes }))

for (const start of [onCLS, onFCP, onINP, onLCP, onTTFB])
  start(({ name, value, rating }) => send(`web_vitals.${name}`, value, { rating }))
send('checkout.clicks', 1, { page: '/cart' })

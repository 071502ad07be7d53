// The same of Pharos: web vitals, one counter, one histogram.
import { init, webVitals } from '../../../src/index.ts'

const beacon = init({
  url: 'https://beacon.example.com/v1/beacon',
  service: 'shop',
  release: '1.4.2',
  plugins: [webVitals()],
})
beacon.increment('checkout.clicks', 1, { page: '/cart' })
beacon.observe('search.duration', 0.123)

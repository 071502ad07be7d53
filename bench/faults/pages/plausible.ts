import { init, track } from '@plausible-analytics/tracker'
import { ENDPOINT } from './endpoint.ts'

// Its default sends nothing from loopback, nor from a browser that a program drives.
init({ domain: 'shop.example.com', endpoint: ENDPOINT, captureOnLocalhost: true })
globalThis.countOne = (event) => track('clicks', { props: { event } })

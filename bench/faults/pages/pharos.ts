import { init, webVitals } from '../../../src/index.ts'
import { ENDPOINT } from './endpoint.ts'

const beacon = init({ url: ENDPOINT, service: 'bench', release: '1.4.2', plugins: [webVitals()] })
globalThis.countOne = (event) => beacon.increment('clicks', 1, { event })

/** A catalog with everything that can be difficult to write down. */
import { counter, defineCatalog, histogram } from '../../../src/catalog/index.ts'

export const catalog = defineCatalog({
  'checkout.clicks': counter({
    help: 'Clicks on the checkout button.',
    attributes: { page: ['/cart', '/basket'], member: 'boolean', campaign: 'string' },
  }),
  'search.duration': histogram({
    help: 'How long a search took.',
    unit: 's',
    attributes: { cached: 'boolean', results: 'number' },
    buckets: [0.1, 0.3, 1, 3],
  }),
  _odd: counter({
    help: 'A | b, `c`, *d* {{ .Labels.service }}\n"e" \\ \u2028 é 😀 <b>&amp;',
    unit: 'By',
    attributes: { service: ['a|b', '`', 'c``d'], 'http.route': ['{id}', '"'], http_route: 'boolean' },
  }),
  'reply.size': histogram({ help: 'Bytes of a reply.', unit: 'By', attributes: { le: ['x'] } }),
  score: histogram({ help: 'One bucket.', unit: '{score}', buckets: [0.5] }),
})

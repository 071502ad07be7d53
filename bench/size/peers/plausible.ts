// Plausible as its documentation begins, with one custom event. It has no web vitals.
import { init, track } from '@plausible-analytics/tracker'

init({ domain: 'shop.example.com', endpoint: 'https://plausible.example.com/api/event' })
track('checkout.clicks', { props: { page: '/cart' } })

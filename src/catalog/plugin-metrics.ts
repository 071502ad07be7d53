// Data only, and written out: types of the package are made from each file alone.

/**
 * The metrics of the plugins of this package, for a catalog of everything. Buckets are those the edge has for them.
 * If you give a plugin a function that adds other attributes, define its metric again after these.
 * @example defineCatalog({ ...pluginMetrics, 'checkout.clicks': counter({ help: 'Clicks on the checkout button.' }) })
 */
export const pluginMetrics = {
  'web_vitals.lcp': {
    kind: 'histogram',
    help: 'Largest Contentful Paint.',
    unit: 's',
    attributes: {
      rating: ['good', 'needs-improvement', 'poor'],
      navigation: ['hard', 'soft'],
      element: ['img', 'image', 'video', 'background', 'text', 'unknown'],
    },
  },
  'web_vitals.inp': {
    kind: 'histogram',
    help: 'Interaction to Next Paint.',
    unit: 's',
    attributes: {
      rating: ['good', 'needs-improvement', 'poor'],
      navigation: ['hard', 'soft'],
      interaction: ['pointer', 'keyboard'],
      subpart: ['input-delay', 'processing-duration', 'presentation-delay'],
    },
  },
  'web_vitals.fcp': {
    kind: 'histogram',
    help: 'First Contentful Paint.',
    unit: 's',
    attributes: { rating: ['good', 'needs-improvement', 'poor'], navigation: ['hard', 'soft'] },
  },
  'web_vitals.ttfb': {
    kind: 'histogram',
    help: 'Time to First Byte.',
    unit: 's',
    attributes: { rating: ['good', 'needs-improvement', 'poor'], navigation: ['hard', 'soft'] },
  },
  'web_vitals.cls': {
    kind: 'histogram',
    help: 'Cumulative Layout Shift, a score.',
    unit: '{score}',
    attributes: {
      rating: ['good', 'needs-improvement', 'poor'],
      navigation: ['hard', 'soft'],
      load_state: ['loading', 'dom-interactive', 'dom-content-loaded', 'complete'],
    },
  },
  'page.errors': {
    kind: 'counter',
    help: 'Errors that the page did not catch.',
    attributes: { kind: ['error', 'rejection', 'resource', 'csp'], name: 'string' },
  },
  'page.views': {
    kind: 'counter',
    help: 'Pages that were looked at.',
    attributes: { type: ['navigate', 'reload', 'back-forward', 'prerender', 'restore', 'route'], route: 'string' },
  },
  'page.navigation': {
    kind: 'histogram',
    help: 'How long the phases of a navigation took.',
    unit: 's',
    attributes: {
      phase: [
        'redirect',
        'dns',
        'connect',
        'tls',
        'request',
        'response',
        'dom-interactive',
        'dom-content-loaded',
        'load',
      ],
    },
  },
  'page.visible': { kind: 'histogram', help: 'How long a page was visible.', unit: 's', attributes: {} },
  'page.engaged': { kind: 'histogram', help: 'How long a visitor was active on a page.', unit: 's', attributes: {} },
  'page.lifetime': { kind: 'histogram', help: 'Time from the start of a page to its end.', unit: 's', attributes: {} },
  'page.restores': { kind: 'counter', help: 'Pages that came back from the back/forward cache.', attributes: {} },
  'page.discards': {
    kind: 'counter',
    help: 'Pages that the browser had thrown out of memory and loaded again.',
    attributes: {},
  },
  'page.long_frames': {
    kind: 'counter',
    help: 'Frames, or tasks, in which the page could not answer.',
    attributes: { kind: ['frame', 'task'], source: 'string' },
  },
  'page.blocking': {
    kind: 'histogram',
    help: 'How long the page could not answer, beyond what a visitor does not notice.',
    unit: 's',
    attributes: { kind: ['frame', 'task'], source: 'string' },
  },
  'requests.duration': {
    kind: 'histogram',
    help: 'How long a request of a page took.',
    unit: 's',
    attributes: { host: 'string', initiator: 'string', status: 'string', route: 'string' },
  },
  'requests.size': {
    kind: 'histogram',
    help: 'What came over the network for a request of a page.',
    unit: 'By',
    attributes: { host: 'string', initiator: 'string', status: 'string', route: 'string' },
  },
} as const

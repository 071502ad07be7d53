import { data, integrityOf, readSnippet, type ScriptTagEdge } from './script-tag-rig.ts'

/** A page with the script tag, whose own script counts two clicks. */
export interface TaggedPage {
  readonly what: string
  readonly make: (edge: ScriptTagEdge, service: string) => Promise<Head> | Head
}

interface Head {
  readonly html: string
  readonly headers?: Readonly<Record<string, string>>
}

/** What every page here does by a script of its own. */
export const CALLS = `pharos.increment('clicks', 2)`

/** The name of a build that was never deployed, and its integrity. */
export const OTHER_HASH = '/pharos.fedcba9876543210.js'
export const OTHER_INTEGRITY = integrityOf('another build')

/** A script element of the worker's, or of any other address. */
export const tag = (attributes: string, service: string): string =>
  `<script ${attributes}${data({ service })}></script>`

/** Attributes that pin a script by its hash. */
export const pinned = (url: string, integrity: string): string =>
  `src="${url}" integrity="${integrity}" crossorigin="anonymous"`

/** A policy that allows no more than connections to the worker, and these sources of scripts. */
export const policy = ({ edge }: ScriptTagEdge, sources: string): Record<string, string> => ({
  'content-security-policy': [
    `default-src 'none'`,
    // For the icon of the page, which browsers ask for by themselves.
    'img-src data:',
    `script-src ${sources}`,
    `connect-src ${edge.url}`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
    `require-trusted-types-for 'script'`,
    // By which the parts of the script are loaded.
    `trusted-types pharos-beacon`,
  ].join('; '),
})

/** The folder of the site's own scripts. */
export const own = ({ site }: ScriptTagEdge): string => `${site.url}/app/`

/** The plain name. */
export const unpinned = ({ edge }: ScriptTagEdge): string => `src="${edge.url}/pharos.js"`

const byAddress = (edge: ScriptTagEdge): Record<string, string> => policy(edge, `${edge.edge.url}/ ${own(edge)}`)

/** A script element with a file of the site's own. */
export const ownScript = (edge: ScriptTagEdge, attributes: string, code: string): string =>
  `<script ${attributes} src="${edge.file(code)}"></script>`

/** Pages under strict policies, that count and violate nothing. */
export const STRICT_PAGES: readonly TaggedPage[] = [
  {
    what: 'two deferred scripts, in order',
    make: (edge, service) => ({
      html: tag(`defer ${unpinned(edge)}`, service) + ownScript(edge, 'defer', CALLS),
      headers: byAddress(edge),
    }),
  },
  {
    what: 'the snippet in a file',
    make: async (edge, service) => {
      const { code } = await readSnippet()
      const first = ownScript(edge, '', code) + ownScript(edge, '', CALLS)
      return { html: first + tag(`async ${unpinned(edge)}`, service), headers: byAddress(edge) }
    },
  },
  {
    what: 'the snippet by its hash',
    make: async (edge, service) => {
      const { code, hash } = await readSnippet()
      const first = `<script>${code}</script>${ownScript(edge, '', CALLS)}`
      const headers = policy(edge, `'${hash}' ${edge.edge.url}/ ${own(edge)}`)
      return { html: first + tag(`async ${unpinned(edge)}`, service), headers }
    },
  },
  {
    what: 'two modules, in order',
    make: (edge, service) => ({
      html: tag(`type="module" ${unpinned(edge)}`, service) + ownScript(edge, 'type="module"', CALLS),
      headers: byAddress(edge),
    }),
  },
  {
    what: 'the script by its hash, and strict-dynamic for its parts',
    make: (edge, service) => {
      const { url, integrity } = edge.hashed
      const mine = ownScript(edge, 'defer nonce="n0nce"', CALLS)
      const html = tag(`defer ${pinned(url, integrity)}`, service) + mine
      return { html, headers: policy(edge, `'${integrity}' 'nonce-n0nce' 'strict-dynamic'`) }
    },
  },
  {
    what: 'a nonce and strict-dynamic',
    make: (edge, service) => ({
      html: tag(`defer nonce="n0nce" ${unpinned(edge)}`, service) + ownScript(edge, 'defer nonce="n0nce"', CALLS),
      headers: policy(edge, `'nonce-n0nce' 'strict-dynamic'`),
    }),
  },
  {
    what: 'a nonce alone, which the parts get too',
    make: (edge, service) => ({
      html: tag(`defer nonce="n0nce" ${unpinned(edge)}`, service) + ownScript(edge, 'defer nonce="n0nce"', CALLS),
      headers: policy(edge, `'nonce-n0nce'`),
    }),
  },
  {
    what: 'an earlier build by its name and its hash',
    make: (edge, service) => {
      const { url, integrity } = edge.earlier
      const html = tag(`defer ${pinned(url, integrity)}`, service) + ownScript(edge, 'defer', CALLS)
      return { html, headers: policy(edge, `'${integrity}' ${edge.edge.url}/ ${own(edge)}`) }
    },
  },
  {
    what: 'a policy that every script must have integrity',
    make: (edge, service) => {
      const { url, integrity } = edge.hashed
      const mine = ownScript(edge, `defer integrity="${integrityOf(CALLS)}" crossorigin="anonymous"`, CALLS)
      return {
        html: tag(`defer ${pinned(url, integrity)}`, service) + mine,
        headers: {
          ...policy(edge, `${edge.edge.url}/ ${own(edge)}`),
          'integrity-policy': 'blocked-destinations=(script)',
        },
      }
    },
  },
  {
    what: 'a page that embeds only what allows it',
    make: (edge, service) => ({
      html: tag(`defer ${unpinned(edge)}`, service) + ownScript(edge, 'defer', CALLS),
      headers: {
        ...byAddress(edge),
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-opener-policy': 'same-origin',
      },
    }),
  },
]

/** A list of calls, the tag, and a mark where an element failed to load. */
export const queueing = (attributes: string, service: string): string =>
  `<script>window.pharos = { q: [], increment: (...call) => pharos.q.push(['increment', ...call]) }
addEventListener('error', ({ target }) => document.documentElement.dataset.failed = target.localName, true)</script>
${tag(attributes, service)}<script>${CALLS}</script>`

/** Pages whose browser refuses the script. */
export const REFUSED_PAGES: readonly TaggedPage[] = [
  {
    what: 'another hash',
    make: ({ hashed }, service) => ({ html: queueing(pinned(hashed.url, OTHER_INTEGRITY), service) }),
  },
  {
    what: 'another hash at the name of an earlier build',
    make: ({ earlier }, service) => ({ html: queueing(pinned(earlier.url, OTHER_INTEGRITY), service) }),
  },
  {
    what: 'the right hash without crossorigin',
    make: ({ hashed: { url, integrity } }, service) => ({
      html: queueing(`src="${url}" integrity="${integrity}"`, service),
    }),
  },
]

/** The label of a page's own. */
export const serviceOf = ({ what }: TaggedPage): string => what.replaceAll(/\W+/g, '-')

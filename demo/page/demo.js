// Each row of a table is counted twice. Here: a row with `data-row` by the button that makes it happen, any other from what the
// plugin says, and kept apart from Pharos, so that the two can be compared over closed tabs and restarts.
// At the edge: read from /metrics, less what it had at the first visit, which may be other browsers'.
/* global FIRST_BEACON */
import { get, set } from 'idb-keyval'
import * as pharos from 'pharos-beacon'

const find = (selector) => document.querySelector(selector)
const load = (name) => JSON.parse(localStorage.getItem(`demo.${name}`))
const save = (name, value) => localStorage.setItem(`demo.${name}`, JSON.stringify(value))

/** In two places: a browser that is killed forgets the last seconds of localStorage, a page that is left those of a database. */
function keep(happened) {
  save('happened', happened)
  set('happened', happened).catch(() => {})
}

async function recover() {
  const happened = load('happened') ?? {}
  const other = (await get('happened').catch(() => undefined)) ?? {}
  for (const [id, times] of Object.entries(other)) happened[id] = Math.max(happened[id] ?? 0, times)
  save('happened', happened)
}

const rows = [...document.querySelectorAll('tr')].map((tr) => {
  const { metric, labels = '', row } = tr.dataset
  const wanted = labels ? labels.split(',') : []
  tr.innerHTML = '<th scope="row"><code></code> <small></small> <small></small></th><td></td><td></td><td></td>'
  const [name, which, said] = tr.cells[0].children
  // May be broken after a dot or an underscore.
  name.innerHTML = metric.replaceAll(/[._]/g, '$&<wbr>')
  which.textContent = wanted.join(' ')
  return {
    tr,
    said,
    wanted,
    id: row ?? metric + labels,
    isOfPlugin: !row,
    isOf: (name, given) => name === metric && wanted.every((label) => `,${given},`.includes(`,${label},`)),
  }
})
for (const table of document.querySelectorAll('table')) {
  table.ariaLabel = table.closest('section').querySelector('h2').textContent
  table.createTHead().innerHTML = `<tr><th scope="col">Metric</th><th scope="col">here</th><th scope="col">edge</th>
    <th scope="col"><span class="visually-hidden">Agreement</span></th></tr>`
}

let consent = load('consent') ?? (navigator.globalPrivacyControl ? 'denied' : 'granted')
/** What happened while consent was pending: gone with the page, as in the beacon. */
let held = {}
let metrics = ''
let isReached = true
let isDrawn = true

function happen(id, times = 1, agreed = consent) {
  if (agreed === 'denied') return
  const counts = agreed === 'pending' ? held : (load('happened') ?? {})
  counts[id] = (counts[id] ?? 0) + times
  if (agreed === 'granted') keep(counts)
  drawSoon()
}

/** Lets a plugin record, and notes what it said. */
const noted = (plugin) => (beacon) => {
  const note = (name, value, attributes = {}) => {
    const labels = Object.entries(attributes).map(([label, text]) => `${label}="${text}"`)
    for (const { id, said, wanted } of rows.filter(({ isOfPlugin, isOf }) => isOfPlugin && isOf(name, labels.join()))) {
      const others = Object.values(attributes).filter((_, index) => !wanted.includes(labels[index]))
      say(said, [value, ...others].filter(Boolean).join(' · '), attributes.rating)
      happen(id)
    }
  }
  const spoken = (name, value) => (name.endsWith('.cls') ? value.toFixed(3) : `${value.toFixed(3)} s`)
  return plugin({
    ...beacon,
    increment: (name, value, attributes) => {
      beacon.increment(name, value, attributes)
      note(name, '', attributes)
    },
    observe: (name, value, attributes) => {
      beacon.observe(name, value, attributes)
      note(name, spoken(name, value), attributes)
    },
  })
}

/** What the edge has, by row. */
function readTotals() {
  const samples = [...metrics.matchAll(/^(\w+?)(?:_seconds)?_(?:total|count)\{(.*)\} (\S+)$/gm)]
  const sum = ({ tr, isOf }) =>
    samples
      .filter(([, name, labels]) => name === tr.dataset.metric.replaceAll('.', '_') && isOf(tr.dataset.metric, labels))
      .reduce((total, [, , , value]) => total + Number(value), 0)
  return Object.fromEntries(rows.map((row) => [row.id, sum(row)]))
}

async function readMetrics() {
  const answer = await fetch('/metrics').catch(() => undefined)
  isReached = answer?.ok ?? false
  if (isReached) {
    metrics = await answer.text()
    // They only grow, unless the storage was deleted.
    const base = load('base') ?? {}
    const least = Object.entries(readTotals()).map(([id, total]) => [id, Math.min(total, base[id] ?? total)])
    save('base', Object.fromEntries(least))
  }
  drawSoon()
}

/** By row: what happened, and what the edge counted since the first visit. */
function compare() {
  const happened = load('happened') ?? {}
  const totals = readTotals()
  const base = load('base') ?? {}
  return rows.map(({ id, tr }) => ({
    id,
    tr,
    here: (happened[id] ?? 0) + (held[id] ?? 0),
    edge: totals[id] - (base[id] ?? 0),
  }))
}

/** What was not sent is erased, so it will never be at the edge. */
async function erase() {
  await readMetrics()
  if (isReached) keep(Object.fromEntries(compare().map(({ id, here, edge }) => [id, Math.min(here, edge)])))
  else setTimeout(erase, 1_000)
  drawSoon()
}

async function startOver() {
  await beacon.flush()
  localStorage.removeItem('demo.base')
  await readMetrics()
  keep({})
  drawSoon()
}

function drawSoon() {
  if (isDrawn) requestAnimationFrame(draw)
  isDrawn = false
}

const say = (element, text, className = '') => {
  // What reads the page aloud tells of every change, also of one to the same text.
  if (element.textContent !== text) element.textContent = text
  element.className = className
}

const MODES = { granted: '', pending: 'pending: kept in memory', denied: 'denied: nothing is recorded' }

const differences = (toCome, more) =>
  [toCome && `${toCome} to come`, more && `${more} more there`].filter(Boolean).join(', ') || '✓'

function draw() {
  isDrawn = true
  const all = { here: 0, edge: 0, toCome: 0, more: 0 }
  for (const { tr, here, edge } of compare()) {
    const toCome = Math.max(here - edge, 0)
    const more = Math.max(edge - here, 0)
    for (const [name, value] of Object.entries({ here, edge, toCome, more })) all[name] += value
    const [, ...cells] = tr.cells
    say(cells[0], String(here))
    say(cells[1], String(edge))
    say(cells[2], here || edge ? differences(toCome, more) : '', here === edge ? 'equal' : 'waiting')
  }
  say(find('#here'), String(all.here))
  say(find('#edge'), String(all.edge))
  const isEqual = isReached && !all.toCome && !all.more
  const state = isEqual ? '✓ equal' : differences(all.toCome, all.more)
  say(find('#state'), isReached ? state : 'the edge does not answer', isEqual ? 'equal' : 'waiting')
  say(find('#mode'), MODES[consent], 'waiting')
  const { dropped, ...numbers } = beacon.stats()
  const reasons = Object.entries(dropped).map(([reason, calls]) => `${calls} ${reason}`)
  find('#stats').innerHTML = Object.entries({ ...numbers, dropped: reasons.join(', ') || 0 })
    .map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`)
    .join('')
  const ofPage = metrics.split('\n').filter((line) => line.includes('service="demo"') && !line.includes('_bucket'))
  say(find('#metrics'), ofPage.join('\n'))
}

const named = (name) => Object.assign(new Error('made by the demo page'), { name })

async function request(path, id) {
  // Browsers tell of a request when its body was read.
  await (await fetch(path)).text()
  happen(id)
}

const actions = {
  cart: () => {
    clicks.add()
    happen('cart')
  },
  basket: () => {
    beacon.increment('checkout.clicks', 1, { page: '/basket' })
    happen('basket')
  },
  hundred: () => {
    for (let i = 0; i < 100; i++) clicks.add()
    happen('cart', 100)
  },
  search: () => {
    const stop = beacon.time('search.duration', { cached: Math.random() < 0.5 })
    const found = () => {
      stop()
      happen('search')
    }
    setTimeout(found, 50 + 400 * Math.random())
  },
  nonsense: () => {
    beacon.increment('pharos.nonsense')
    happen('nonsense')
  },
  error: () => {
    happen('error')
    throw named('DemoError')
  },
  rejection: () => {
    happen('rejection')
    void Promise.reject(named('DemoRejection'))
  },
  image: () => {
    const image = Object.assign(new Image(), { src: '/missing.png', alt: '', hidden: true })
    const fail = () => {
      happen('image')
      image.remove()
    }
    image.addEventListener('error', fail)
    document.body.append(image)
  },
  policy: () => {
    // Not in the document, so nobody's broken image. Browsers report an address once.
    new Image().src = `https://blocked.invalid/${Math.random()}`
    happen('policy')
    // The browser sends this report itself, whatever the consent is.
    happen('report', 1, 'granted')
  },
  fetch: () => request('/health', 'fetch'),
  missing: () => request('/missing', 'missing'),
  view: () => history.pushState(null, '', `?view=${(Number(viewOf(location)) % 3) + 1}`),
  back: () => history.back(),
  reload: () => location.reload(),
  block: () => {
    const endMs = performance.now() + 200
    while (performance.now() < endMs);
  },
  flush: async () => {
    await beacon.flush()
    await readMetrics()
  },
  panel: () => pharos.debugPanel(beacon),
  startOver,
  copy: async (button) => {
    await navigator.clipboard.writeText(FIRST_BEACON)
    button.textContent = 'Copied'
  },
}

const viewOf = ({ search }) => new URLSearchParams(search).get('view') ?? '0'

function decide(value) {
  save('consent', value)
  // A beacon is pending only from its beginning.
  if (value === 'pending') return location.reload()
  const waiting = value === 'granted' ? Object.entries(held) : []
  held = {}
  consent = value
  for (const [id, times] of waiting) happen(id, times)
  beacon.setConsent(value)
  if (value === 'denied') setTimeout(erase, 1_000)
}

find('#first-beacon').textContent = FIRST_BEACON
find(`[value=${consent}]`).checked = true
find('#consent').addEventListener('change', ({ target }) => decide(target.value))
await recover()
// Before anything is recorded: what is there belongs to others.
if (!load('base')) await readMetrics()

// The reading of the totals fills the list from which debugPanel() takes the last requests.
performance.setResourceTimingBufferSize(10_000)
const beacon = pharos.init({
  service: 'demo',
  release: '1',
  flushIntervalMs: 5_000,
  consent,
  plugins: [
    pharos.webVitals({ attribution: pharos.attribution }),
    pharos.errors(),
    pharos.requests({
      route: ({ pathname }) => pathname.slice(1),
      ignore: ({ pathname }) => pathname === '/metrics',
    }),
    pharos.navigation({ route: (url) => `view ${viewOf(url)}`, patchHistory: true }),
    pharos.longTasks(),
    pharos.visibility(),
  ].map(noted),
})
const clicks = beacon.counter('checkout.clicks', { page: '/cart' })
window.pharos = beacon

find('main').inert = false
document.addEventListener('click', ({ target }) => actions[target.dataset?.do]?.(target))
void readMetrics()
setInterval(() => document.hidden || readMetrics(), 1_000)

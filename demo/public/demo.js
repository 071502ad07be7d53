// What happened is kept in localStorage, apart from Pharos, so that the two counts can be compared over closed tabs and restarts.

const SERIES = {
  '/cart': 'checkout_clicks_total{page="/cart"',
  '/basket': 'checkout_clicks_total{page="/basket"',
  search: 'search_duration_count{cached="',
}
const LABELS = {
  '/cart': 'checkout.clicks {page="/cart"}',
  '/basket': 'checkout.clicks {page="/basket"}',
  search: 'search.duration (observations)',
}

const tally = JSON.parse(localStorage.getItem('tally') ?? '{}')
const happened = (series, times) => {
  tally[series] = (tally[series] ?? 0) + times
  localStorage.setItem('tally', JSON.stringify(tally))
  void show()
}

const clicked = (page, times) => {
  for (let i = 0; i < times; i++) pharos.increment('checkout.clicks', 1, { page })
  happened(page, times)
}

const searched = () => {
  pharos.observe('search.duration', 0.05 + Math.random() ** 3, { cached: Math.random() < 0.5 })
  happened('search', 1)
}

/** The sum of all series of /metrics that begin so. */
const total = (metrics, start) =>
  metrics
    .split('\n')
    .filter((line) => line.startsWith(start))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)

/** The edge may know clicks of other browsers: what it had at the first visit is taken off. */
const since = (series, now) => {
  const base = JSON.parse(localStorage.getItem('base') ?? '{}')
  if (!(series in base) || base[series] > now) {
    base[series] = now
    localStorage.setItem('base', JSON.stringify(base))
  }
  return now - base[series]
}

const row = (series, metrics) => {
  const here = tally[series] ?? 0
  const edge = since(series, total(metrics, SERIES[series]))
  const state = here === edge ? 'equal' : 'waiting'
  const word = here === edge ? 'equal' : `${here - edge} on the way`
  return `<tr><td><code>${LABELS[series]}</code></td><td class="number">${here}</td><td class="number">${edge}</td><td class="${state}">${word}</td></tr>`
}

const show = async () => {
  const metrics = await fetch('/metrics').then(
    (response) => response.text(),
    () => undefined,
  )
  if (metrics === undefined) return
  document.querySelector('#rows').innerHTML = Object.keys(SERIES)
    .map((series) => row(series, metrics))
    .join('')
  document.querySelector('#metrics').textContent = metrics
    .split('\n')
    .filter((line) => line.includes('service="demo"') && !line.includes('_bucket'))
    .join('\n')
  const { recorded = 0, pending = 0, acknowledged = 0, dropped = {} } = pharos.stats?.() ?? {}
  const lost = Object.values(dropped).reduce((sum, n) => sum + n, 0)
  document.querySelector('#stats').innerHTML = Object.entries({ recorded, pending, acknowledged, dropped: lost })
    .map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`)
    .join('')
}

document.addEventListener('click', ({ target }) => {
  const { click, burst, search, flush, reload } = target.dataset ?? {}
  if (click) clicked(click, 1)
  if (burst) clicked('/cart', Number(burst))
  if (search !== undefined) searched()
  if (flush !== undefined) void pharos.flush().then(show)
  if (reload !== undefined) location.reload()
})

void show()
setInterval(show, 1000)

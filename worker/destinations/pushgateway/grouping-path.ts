/**
 * The grouping key of a Pushgateway as a path, the job first: `/job/shop/instance/a`.
 * Source: prometheus/pushgateway, README, "URL".
 */
export const groupingPath = (job: string, labels: Readonly<Record<string, string>>): string =>
  [['job', job] as const, ...Object.entries(labels)].map(([name, value]) => `/${name}${pathValue(value)}`).join('')

// A path cannot carry an empty text, a slash, or the dots that a URL takes for folders.
const pathValue = (value: string): string =>
  value.includes('/') || /^\.{0,2}$/.test(value) ? `@base64/${base64Url(value)}` : `/${encodeURIComponent(value)}`

/** An empty value is one padding character. */
function base64Url(value: string): string {
  const bytes = String.fromCharCode(...new TextEncoder().encode(value))
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '') || '='
}

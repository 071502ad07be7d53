/**
 * A number as Go and so Prometheus writes it, shortest text that reads back the same: `0.5`, `1`, `1e-05`, `+Inf`.
 * JavaScript agrees but for the exponent: it starts at 1e-7 and has no leading zero.
 */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  const [mantissa = '', exponent = ''] = value.toExponential().split('e')
  if (value === 0 || (Number(exponent) >= -4 && Number(exponent) < 21)) return String(value)
  return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`
}

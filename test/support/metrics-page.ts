/** `GET /metrics` as a map: `name{label="value"}` as it is printed, and the value. */
export async function readMetrics(url: string): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`${url}/metrics`, { headers: { accept: 'text/plain' } })
  const text = await response.text()
  if (!response.ok) throw new Error(`/metrics: ${response.status} ${text}`)
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(samples.map(parseSample))
}

// A value follows the last space: label values may hold spaces, and no time stamp is printed.
function parseSample(line: string): readonly [string, number] {
  const space = line.lastIndexOf(' ')
  return [line.slice(0, space), Number(line.slice(space + 1).replace('Inf', 'Infinity'))]
}

/** The sum over all series of a name, whatever their labels. */
export const total = (metrics: ReadonlyMap<string, number>, name: string): number =>
  [...metrics].reduce((sum, [key, value]) => (key === name || key.startsWith(`${name}{`) ? sum + value : sum), 0)

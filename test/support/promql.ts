/** One series of an answer: its labels and `[time in seconds, value]` pairs. */
export interface QueriedSeries {
  readonly labels: Readonly<Record<string, string>>
  readonly points: readonly (readonly [timeSeconds: number, value: number])[]
}

export interface RangeQuery {
  readonly startMs: number
  readonly endMs: number
  readonly stepSeconds: number
}

export interface Queries {
  /** An instant query. @param timeMs default: now */
  readonly query: (promql: string, timeMs?: number) => Promise<readonly QueriedSeries[]>
  readonly queryRange: (promql: string, range: RangeQuery) => Promise<readonly QueriedSeries[]>
  /** The value of an instant query that has one series; undefined where it has none. */
  readonly value: (promql: string, timeMs?: number) => Promise<number | undefined>
}

interface ApiSeries {
  readonly metric: Readonly<Record<string, string>>
  readonly value?: readonly [number, string]
  readonly values?: readonly (readonly [number, string])[]
}

/** The Prometheus query API at `url`. VictoriaMetrics speaks it too. */
export function createQueries(url: string): Queries {
  const ask = async (path: string, parameters: Record<string, string>): Promise<readonly QueriedSeries[]> => {
    const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters)}`)
    const body = (await response.json()) as { status: string; error?: string; data: { result: readonly ApiSeries[] } }
    if (body.status !== 'success') throw new Error(`${parameters['query']}: ${body.error}`)
    return body.data.result.map(({ metric, value, values = value ? [value] : [] }) => ({
      labels: metric,
      points: values.map(([timeSeconds, text]) => [timeSeconds, Number(text)] as const),
    }))
  }
  const query: Queries['query'] = (promql, timeMs = Date.now()) =>
    ask('query', { query: promql, time: String(timeMs / 1_000), nocache: '1' })
  return {
    query,
    queryRange: (promql, { startMs, endMs, stepSeconds }) =>
      ask('query_range', {
        query: promql,
        start: String(startMs / 1_000),
        end: String(endMs / 1_000),
        step: String(stepSeconds),
        nocache: '1',
      }),
    value: async (promql, timeMs) => {
      const found = await query(promql, timeMs)
      if (found.length > 1) throw new Error(`${promql} has ${found.length} series`)
      return found[0]?.points[0]?.[1]
    },
  }
}

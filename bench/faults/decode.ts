/** How often each event was stored, by its id. */
export type Copies = ReadonlyMap<string, number>

/** Reads what a library sent as the simplest receiver would. @param bodies in the order they arrived */
export type Decode = (bodies: readonly string[]) => Copies

export interface Counted {
  readonly event: string | undefined
  readonly count: number
}

/** Adds up. What has no id is not of the bench: page views, vitals, sessions. */
export function addUp(counted: readonly Counted[]): Copies {
  const copies = new Map<string, number>()
  for (const { event, count } of counted) if (event !== undefined) copies.set(event, (copies.get(event) ?? 0) + count)
  return copies
}

const once = (event: string | undefined): Counted => ({ event, count: 1 })

const lines = (body: string): readonly unknown[] =>
  body
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)

/** A JSON object a value: `{ name, value, attributes }`. */
export const decodeBeacons: Decode = (bodies) =>
  addUp(
    bodies.map((body) => {
      const { value, attributes } = JSON.parse(body) as { value: number; attributes: { event?: string } }
      return { event: attributes.event, count: value }
    }),
  )

/** A JSON object an event; `p` holds its properties. */
export const decodePlausible: Decode = (bodies) =>
  addUp(bodies.map((body) => once((JSON.parse(body) as { p?: { event?: string } }).p?.event)))

interface FaroBody {
  readonly events?: readonly { readonly name: string; readonly attributes?: { readonly event?: string } }[]
}

export const decodeFaro: Decode = (bodies) =>
  addUp(
    bodies
      .flatMap((body) => (JSON.parse(body) as FaroBody).events ?? [])
      .map(({ attributes }) => once(attributes?.event)),
  )

interface SentryMetrics {
  readonly items?: readonly {
    readonly value: number
    readonly attributes: { readonly event?: { readonly value: string } }
  }[]
}

/** An envelope: lines of JSON, of which those with a list of metrics count. */
export const decodeSentry: Decode = (bodies) =>
  addUp(
    bodies
      .flatMap(lines)
      .flatMap((line) => (line as SentryMetrics).items ?? [])
      .map(({ value, attributes }) => ({ event: attributes.event?.value, count: value })),
  )

interface DatadogEvent {
  readonly type: string
  readonly context?: { readonly event?: string }
}

/** Lines of JSON, of which actions count. */
export const decodeDatadog: Decode = (bodies) =>
  addUp(
    bodies
      .flatMap((body) => lines(body) as readonly DatadogEvent[])
      .filter(({ type }) => type === 'action')
      .map(({ context }) => once(context?.event)),
  )

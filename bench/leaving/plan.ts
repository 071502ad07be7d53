/** A way to hand a body to the browser. `plain` is `fetch` without `keepalive`; `later` is `fetchLater`, which only Chromium has. */
export type Way = 'fetch' | 'beacon' | 'plain' | 'later'

/** An event of the end of a page. `first`: the first one whose listener runs to its end. */
export type Moment = 'pagehide' | 'hidden' | 'first'

export interface Step {
  readonly at: Moment
  readonly ways: readonly Way[]
}

/** What a page hands over, and when. */
export interface Plan {
  /** The endpoint. */
  readonly to: string
  readonly steps: readonly Step[]
  /** Of each way. @default 1 */
  readonly bodies?: number
  /** Of a body. @default 200 */
  readonly bytes?: number
  /** Of the page's own response. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
}

export const step = (at: Moment, ...ways: readonly Way[]): Step => ({ at, ways })

/** Where a page finds its plan and its number. */
export interface PlannedPage {
  readonly plan: Plan
  readonly number: number
  /** What came of each body, such as `fetch@hidden 0: 204`. */
  readonly log: string[]
  /** The page came back from the back/forward cache. */
  isRestored: boolean
}

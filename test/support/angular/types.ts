/** Where an app starts its beacon; `never`: an app without one, to compare with. */
export type Start = 'never' | 'before zone.js' | 'before bootstrap' | 'app initializer' | 'constructor'

/** Whether Angular hears of changes from zone.js, or from its signals alone. */
export type Detection = 'zones' | 'zoneless'

/** What code of the app does; see app.ts. */
export type Act = 'nothing' | 'timer' | 'record' | 'flush' | 'showFlushed'

/** What the app leaves in its page. */
export interface AngularGlobal {
  /** Evaluations of the template of the app so far. */
  checks: number
  /** What `ApplicationRef.isStable` said so far. */
  readonly stability: boolean[]
  /** For each call of the namer of routes: whether it was in Angular's zone. */
  readonly namerInZone: boolean[]
  /** Does something as the app's own code would: in Angular's zone, if it has one. There when the app has started. */
  act?: (name: Act) => void
}

declare global {
  interface Window {
    angularApp: AngularGlobal
  }
}

/** The browser's entry about the load of the page, times in ms since the navigation began. */
export interface NavigationEntry extends PerformanceNavigationTiming {
  /** When a prerendered page was shown; 0 for any other, missing where nothing prerenders. */
  readonly activationStart?: number
}

export const navigationEntry = (): NavigationEntry | undefined => performance.getEntriesByType('navigation')[0]

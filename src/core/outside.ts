/** The part of zone.js that is used. Angular loads it where it needs it. */
interface Zoned {
  readonly Zone?: { readonly root?: { readonly run?: <Result>(work: () => Result) => Result } }
}

/**
 * Runs `work` outside Angular's zone and returns what it returns; runs it plainly in a page without zone.js.
 *
 * zone.js remembers the zone in which a timer, a listener, a request or a reaction of a promise was created. In Angular's zone each of
 * them is followed by a change detection, and a timer that never ends keeps the application from becoming stable. In the root zone
 * nothing watches them, and what they create belongs to the root zone too.
 *
 * `Zone` is looked up at every call, because a page may load zone.js after the beacon. https://angular.dev/api/core/NgZone
 */
export const outside = <Result>(work: () => Result): Result => {
  const root = (globalThis as Zoned).Zone?.root
  // A page may have a `Zone` of its own: a function, or an element with that id.
  return root?.run ? root.run(work) : work()
}

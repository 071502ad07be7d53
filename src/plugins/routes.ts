import { quietly, startListening } from '../browser/listen.ts'

/**
 * Tells of each navigation within the page that has ended; returns what stops it. Uses the Navigation API, which wraps nothing.
 * @param onMoved `isView` is false when the history entry was only replaced, as by a redirect
 * @param mayPatch whether `history.pushState` may be wrapped where the browser has no Navigation API; without, nothing is told there
 */
export function startRoutes(onMoved: (isView: boolean) => void, mayPatch: boolean): () => void {
  const { navigation } = window as Partial<Pick<Window, 'navigation'>>
  if (navigation) {
    const entryKey = (): string | undefined => navigation.currentEntry?.key
    let before = entryKey()
    return startListening(
      {
        navigatesuccess: () => {
          const isView = entryKey() !== before
          before = entryKey()
          onMoved(isView)
        },
      },
      navigation,
    )
  }
  return mayPatch ? patchHistory(() => onMoved(true)) : () => {}
}

function patchHistory(onMoved: () => void): () => void {
  // oxlint-disable-next-line typescript/unbound-method -- called with the `this` of its caller
  const { pushState } = history
  let tell = quietly(onMoved)
  const patched: typeof pushState = function (this: History, ...args) {
    pushState.apply(this, args)
    tell()
  }
  history.pushState = patched
  const stopListening = startListening({ popstate: tell })
  return () => {
    stopListening()
    // Who wrapped it later still calls this one.
    tell = () => {}
    if (history.pushState === patched) history.pushState = pushState
  }
}

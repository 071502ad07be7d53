import { startListening } from '../browser/listen.ts'
import { guard } from '../core/guard.ts'

/** Wraps `history.pushState` for browsers without a Navigation API; returns a function that stops it. */
export function patchHistory(onMoved: () => void): () => void {
  // oxlint-disable-next-line typescript/unbound-method -- called with the `this` of its caller
  const { pushState } = history
  let tell = guard(onMoved)
  const patched: typeof pushState = function (this: History, ...args) {
    pushState.apply(this, args)
    tell()
  }
  history.pushState = patched
  const stopListening = startListening({ popstate: tell })
  return () => {
    stopListening()
    // Code that wrapped it later still calls this one.
    tell = () => {}
    if (history.pushState === patched) history.pushState = pushState
  }
}

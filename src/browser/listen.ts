import { guard } from '../core/guard.ts'

interface Events extends WindowEventMap {
  readonly visibilitychange: Event
  readonly navigatesuccess: Event
}

/** The listeners by event. */
export type Listeners = { readonly [Type in keyof Events]?: (event: Events[Type]) => void }

/**
 * Listens in the capture phase until the function it returns is called. A listener on the window thus runs before the beacon seals the
 * last values of a page (core/life.ts), and for events that do not bubble too, such as the `error` of an element.
 */
export function startListening(listeners: Listeners, target: EventTarget = window): () => void {
  const listening = new AbortController()
  const options = { capture: true, passive: true, signal: listening.signal }
  for (const [type, listener] of Object.entries(listeners))
    target.addEventListener(type, guard(listener as (event: Event) => void), options)
  return () => listening.abort()
}

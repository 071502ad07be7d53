import { guard } from '../core/guard.ts'

interface Events extends WindowEventMap {
  readonly visibilitychange: Event
  readonly navigatesuccess: Event
}

/** The listeners by event. */
export type Listeners = { readonly [Type in keyof Events]?: (event: Events[Type]) => void }

/**
 * Listens, capturing, until the function it returns is called. On the window that is before the beacon seals the last values of
 * a page (core/life.ts), and it hears what does not bubble, such as the `error` of an element.
 */
export function startListening(listeners: Listeners, target: EventTarget = window): () => void {
  const listening = new AbortController()
  const options = { capture: true, passive: true, signal: listening.signal }
  for (const [type, listener] of Object.entries(listeners))
    target.addEventListener(type, guard(listener as (event: Event) => void), options)
  return () => listening.abort()
}

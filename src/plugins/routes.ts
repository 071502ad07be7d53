import { startListening } from '../browser/listen.ts'

/**
 * Reports each navigation within the page when it has ended; returns a function that stops it. Uses the Navigation API, which wraps nothing.
 * @param onMoved `isView` is false when the history entry was only replaced, as by a redirect
 * @param listenElse listens where the browser has no Navigation API
 */
export function startRoutes(
  onMoved: (isView: boolean) => void,
  listenElse: (onMoved: () => void) => () => void,
): () => void {
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
  return listenElse(() => onMoved(true))
}

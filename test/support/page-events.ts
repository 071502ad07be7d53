/** What happens to a page, in a DOM without a browser. */

const override = (name: string, value: unknown): void => {
  Object.defineProperty(document, name, { configurable: true, value })
}

const overrideVisibility = (state: DocumentVisibilityState): void => {
  override('visibilityState', state)
  override('hidden', state === 'hidden')
}

/** As the first listener of `visibilitychange` finds it. */
export const hideSilently = (): void => overrideVisibility('hidden')

export const setVisibility = (state: 'visible' | 'hidden'): void => {
  overrideVisibility(state)
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
}

export const beginPrerender = (): void => {
  override('prerendering', true)
  overrideVisibility('hidden')
}

export const activate = (): void => {
  override('prerendering', false)
  overrideVisibility('visible')
  document.dispatchEvent(new Event('prerenderingchange', { bubbles: true }))
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
}

export const leavePage = (): void => void window.dispatchEvent(new Event('pagehide'))

export const freezePage = (): void => void document.dispatchEvent(new Event('freeze'))

export const showPage = (persisted: boolean): void =>
  void window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted }))

/** The page as it is when a user has just opened it. */
export const resetPage = (): void => {
  override('prerendering', false)
  overrideVisibility('visible')
}

/** The ways in which a page goes away, by their names. `whileVisible` is called in the `pagehide` of a visible page. */
export const departures = (whileVisible: () => void): [name: string, depart: () => void][] => [
  ['hidden', () => setVisibility('hidden')],
  [
    'left',
    () => {
      leavePage()
      whileVisible()
      setVisibility('hidden')
    },
  ],
  [
    'left while hidden',
    () => {
      hideSilently()
      leavePage()
    },
  ],
  [
    'frozen',
    () => {
      hideSilently()
      freezePage()
    },
  ],
]

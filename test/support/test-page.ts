import { createInstruments, createRecorder, withStopwatch } from '../../src/core/record.ts'
import type { Page } from '../../src/core/types.ts'

export interface TestPageOptions extends Partial<Page> {
  readonly url: string
  readonly session: string
  readonly loadCourier: Page['loadCourier']
}

/** The state of a page that is shown, with consent, and has recorded nothing. No window ends by itself unless `onOpen` plans it. */
export function testPage(options: TestPageOptions, onOpen: (page: Page) => void = () => {}): Page {
  const recorder = createRecorder(
    () => onOpen(page),
    () => {},
  )
  const page: Page = Object.assign(recorder, {
    resource: {},
    plugins: [],
    instruments: withStopwatch(createInstruments(recorder)),
    stops: [],
    draw: 0,
    weight: 1,
    consent: true,
    sequence: 1,
    isActivated: true,
    isShut: false,
    isErasureDue: false,
    acknowledged: 0,
    lost: 0,
    own: new Set(),
    unsaved: new Set(),
    intervalMs: 30_000,
    answers: [],
    ...options,
  } satisfies Omit<Page, keyof typeof recorder>)
  return page
}

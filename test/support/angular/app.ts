import {
  Component,
  NgZone,
  provideAppInitializer,
  provideZoneChangeDetection,
  provideZonelessChangeDetection,
} from '@angular/core'
import { bootstrapApplication } from '@angular/platform-browser'
import { startBeacon } from './start.ts'
import type { Act, Detection } from './types.ts'

/* Put in by page.ts. */
declare const DETECTION: Detection

/** What the template shows beside the number of its evaluations. */
let shown = ''

// Without the syntax of decorators, which esbuild and the type-checker would have to be told of.
const App = Component({ selector: 'app-root', template: '<p>{{ text() }}</p>' })(
  class {
    constructor() {
      startBeacon('constructor')
    }

    text(): string {
      window.angularApp.checks++
      return shown
    }
  },
)

const acts: Readonly<Record<Act, () => void>> = {
  nothing: () => {},
  timer: () => void setTimeout(() => {}),
  record: () => {
    window.pharos?.increment('clicks')
    window.pharos?.observe('duration', 0.25)
  },
  flush: () => void window.pharos?.flush(),
  showFlushed: async () => {
    await window.pharos.flush()
    shown = 'flushed'
  },
}

async function startApp(): Promise<void> {
  startBeacon('before bootstrap')
  const app = await bootstrapApplication(App, {
    providers: [
      DETECTION === 'zones' ? provideZoneChangeDetection() : provideZonelessChangeDetection(),
      provideAppInitializer(() => startBeacon('app initializer')),
    ],
  })
  app.isStable.subscribe((isStable) => window.angularApp.stability.push(isStable))
  const zone = app.injector.get(NgZone)
  window.angularApp.act = (name) => zone.run(acts[name])
}

void startApp()

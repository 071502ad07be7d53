import { ACTIONS } from './recipes-apps.ts'
import type { Files } from './recipes-doc.ts'

/** The app of recipes-apps.ts, with two more errors. */
export const ANGULAR_APP: Files = {
  'src/actions.ts': ACTIONS,
  'src/app.ts': `
import { Component, signal } from '@angular/core'
import { fail, go, noteMounted } from './actions'
import { BuyButton } from './buy-button'

@Component({
  selector: 'app-root',
  imports: [BuyButton],
  template: \`
    <app-buy-button />
    <button (click)="isBroken.set(true)">Break</button>
    <button (click)="fail()">Throw</button>
    <button (click)="go()">Go</button>
    <button (click)="crash()">Crash</button>
    <button (click)="reject()">Reject</button>
    <p>{{ breakOnce() }}</p>
  \`,
})
export class App {
  readonly isBroken = signal(false)
  readonly fail = fail
  readonly go = go
  readonly crash = (): unknown => setTimeout(() => { throw new SyntaxError('in a timer') })
  readonly reject = (): unknown => Promise.reject(new EvalError('in a promise'))
  #hasBroken = false
  /** Once: Angular evaluates a template that throws again at every chance. */
  breakOnce(): string {
    if (!this.isBroken() || this.#hasBroken) return ''
    this.#hasBroken = true
    throw new RangeError('in a template')
  }
  constructor() {
    noteMounted()
  }
}`,
}

export interface AngularSetup {
  /** What the app imports before Angular. */
  readonly polyfill: string
  /** What it provides before the beacon. */
  readonly providers: string
  /** Where its errors are counted. */
  readonly errors: readonly string[]
}

const caught = (name: string): string => `component_errors_total{name="${name}"}`
const uncaught = (kind: string, name: string): string => `page_errors_total{kind="${kind}",name="${name}"}`

const OF_ANGULAR = ['RangeError', 'TypeError'].map(caught)
const OF_PAGE = [uncaught('error', 'SyntaxError'), uncaught('rejection', 'EvalError')]
const ALL = [...OF_ANGULAR, ...['SyntaxError', 'EvalError'].map(caught)]

export const ANGULAR_SETUPS: Readonly<Record<string, AngularSetup>> = {
  zones: { polyfill: `import 'zone.js'\n`, providers: 'core.provideZoneChangeDetection(), ', errors: ALL },
  zoneless: { polyfill: '', providers: '', errors: [...OF_ANGULAR, ...OF_PAGE] },
  // The recipe warns of it: what reaches the window is counted twice.
  'with global error listeners': {
    polyfill: '',
    providers: 'core.provideBrowserGlobalErrorListeners(), ',
    errors: [...ALL, ...OF_PAGE],
  },
}

/** An app that starts at `src/start.ts`, and whose components are compiled in the page. */
export const withAngularSetup = (files: Files, { polyfill, providers }: AngularSetup): Files => ({
  ...files,
  'src/main.ts': `import * as core from '@angular/core'\n${files['src/main.ts']!.replace('[provide', `[${providers}provide`)}`,
  'src/start.ts': `${polyfill}import '@angular/compiler'\nimport './main'`,
})

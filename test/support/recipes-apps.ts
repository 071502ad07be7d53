import type { Files } from './recipes-doc.ts'

/*
 * What a recipe is put into: an app that buys, breaks, throws, goes somewhere else and crashes. The same five buttons in each framework.
 */

/** What apps do outside of their framework; `window.pharos` is what tests flush. */
export const ACTIONS = `
import { beacon } from './beacon'
Object.assign(globalThis, { pharos: beacon, mounted: 0 })
export const noteMounted = (): void => void (globalThis as unknown as { mounted: number }).mounted++
export const fail = (): never => { throw new TypeError('in an event handler') }
let item = 6
export const go = (): void => history.pushState(null, '', '/items/' + ++item)
export const breakIf = (isBroken: boolean): string => {
  if (isBroken) throw new RangeError('under a boundary')
  return ''
}
export const crashIf = (isCrashed: boolean): string => {
  if (isCrashed) throw new SyntaxError('above it')
  return ''
}
`

const REACT = `
import { Component, type ReactNode, useEffect, useState } from 'react'
import { breakIf, crashIf, fail, go, noteMounted } from './actions'
import { BuyButton } from './BuyButton'

class Boundary extends Component<{ children: ReactNode }> {
  override state = { isBroken: false }
  static getDerivedStateFromError = () => ({ isBroken: true })
  override render() {
    return this.state.isBroken ? <p>broken</p> : this.props.children
  }
}
const Fragile = ({ isBroken }: { isBroken: boolean }) => <p>{breakIf(isBroken)}</p>
const Crashing = ({ isCrashed }: { isCrashed: boolean }) => <p>{crashIf(isCrashed)}</p>

export function App() {
  const [isBroken, setBroken] = useState(false)
  const [isCrashed, setCrashed] = useState(false)
  useEffect(noteMounted, [])
  return (
    <>
      <BuyButton />
      <button onClick={() => setBroken(true)}>Break</button>
      <button onClick={fail}>Throw</button>
      <button onClick={go}>Go</button>
      <button onClick={() => setCrashed(true)}>Crash</button>
      <Boundary><Fragile isBroken={isBroken} /></Boundary>
      <Crashing isCrashed={isCrashed} />
    </>
  )
}
`

const VUE = `
<script setup lang="ts">
import { onMounted, ref } from 'vue'
import { breakIf, crashIf, fail, go, noteMounted } from './actions'
import BuyButton from './BuyButton.vue'
import Teller from './Teller.vue'

const isBroken = ref(false)
const isCrashed = ref(false)
onMounted(noteMounted)
</script>
<template>
  <BuyButton />
  <button @click="isBroken = true">Break</button>
  <button @click="fail">Throw</button>
  <button @click="go">Go</button>
  <button @click="isCrashed = true">Crash</button>
  <Teller :tell="breakIf" :about="isBroken" />
  <Teller :tell="crashIf" :about="isCrashed" />
</template>
`

const VUE_TELLER = `
<script setup lang="ts">
defineProps<{ tell: (about: boolean) => string; about: boolean }>()
</script>
<template><p>{{ tell(about) }}</p></template>
`

const SVELTE = `
<script lang="ts">
  import { onMount } from 'svelte'
  import { breakIf, crashIf, fail, go, noteMounted } from './actions'
  import Boundary from './Boundary.svelte'
  import BuyButton from './BuyButton.svelte'

  let isBroken = $state(false)
  let isCrashed = $state(false)
  onMount(noteMounted)
</script>
<BuyButton />
<button onclick={() => (isBroken = true)}>Break</button>
<button onclick={fail}>Throw</button>
<button onclick={go}>Go</button>
<button onclick={() => (isCrashed = true)}>Crash</button>
<Boundary><p>{breakIf(isBroken)}</p></Boundary>
<p>{crashIf(isCrashed)}</p>
`

/** Renders the app as a server does, and prints what came of it. */
const onServer = (render: string): string => `${render}
import { beacon } from './beacon'
const html = await renderApp()
beacon.increment('product.seen')
console.log(JSON.stringify({ html, stats: beacon.stats(), flushed: await beacon.flush() }))
`

/** The app of each recipe that is one, with `src/server.tsx`, which renders it without a document, and `src/hydrate.tsx`. */
export const APPS: Readonly<Record<string, Files>> = {
  React: {
    'src/actions.ts': ACTIONS,
    'src/App.tsx': REACT,
    'src/server.tsx': onServer(`
import { renderToString } from 'react-dom/server'
import { App } from './App'
import { BeaconProvider } from './beacon-react'
const renderApp = async () => renderToString(<BeaconProvider value={beacon}><App /></BeaconProvider>)`),
    'src/hydrate.tsx': `
import { StrictMode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { App } from './App'
import { countError } from './beacon'
hydrateRoot(document.getElementById('root')!, <StrictMode><App /></StrictMode>, { onCaughtError: countError })`,
  },
  Vue: {
    'src/actions.ts': ACTIONS,
    'src/App.vue': VUE,
    'src/Teller.vue': VUE_TELLER,
    'src/server.tsx': onServer(`
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import App from './App.vue'
import { beaconPlugin } from './beacon-vue'
const renderApp = () => renderToString(createSSRApp(App).use(beaconPlugin))`),
    'src/hydrate.tsx': `
import { createSSRApp } from 'vue'
import App from './App.vue'
import { beaconPlugin } from './beacon-vue'
createSSRApp(App).use(beaconPlugin).mount('#root')`,
  },
  Svelte: {
    'src/actions.ts': ACTIONS,
    'src/App.svelte': SVELTE,
    'src/server.tsx': onServer(`
import { render } from 'svelte/server'
import App from './App.svelte'
const renderApp = async () => (await render(App)).body`),
    'src/hydrate.tsx': `
import { hydrate } from 'svelte'
import App from './App.svelte'
hydrate(App, { target: document.getElementById('root')! })`,
  },
}

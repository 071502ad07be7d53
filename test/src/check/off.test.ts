import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { rollup } from 'rollup'
import { minify } from 'terser'
import { expect, it } from 'vitest'
import * as checks from '../../../src/check/index.ts'
import * as off from '../../../src/check/off.ts'

it('has every function of the development build', () => {
  expect(Object.keys(off).sort()).toEqual(Object.keys(checks).sort())
})

it('does and says nothing', () => {
  const said: string[] = []
  const say = off.createSay((text) => said.push(text))
  say('a')
  off.checkOptions({ colour: 1 }, say)
  off.checkSeries({ kind: 'counter', name: '' }, say)
  off.checkValue({ kind: 'counter', head: '["",', value: NaN }, say)
  off.checkAnswer('https://beacon.example/v1/beacon', 404, say)
  off.checkConsent('no', say)
  off.checkFailure(new Error('no'), say)
  off.checkRefusal({ url: 'https://beacon.example/v1/beacon', reason: 'origin_not_allowed' }, say)
  off.checkPluginResult({ index: 0, plugin: said, returned: 5 }, say)
  expect(said).toEqual([])
})

/** As callers call: what a check is given is made for it alone. */
const CALLS = `
import { checkAnswer, checkConsent, checkFailure, checkOptions, checkPluginResult, checkRefusal, checkSeries, checkValue, createSay } from 'check'
const say = createSay((text) => console.warn(text))
const factories = { webVitals: () => 1 }
export function init(options, name, value) {
  checkOptions(options, say, { pageUrl: '', factories })
  checkSeries({ kind: 'counter', name, attributes: options }, say)
  checkValue({ kind: 'counter', head: name, value }, say)
  checkAnswer(name, value, say)
  checkConsent(value, say)
  checkFailure(new Error(name), say)
  checkRefusal({ url: name, reason: value }, say)
  checkPluginResult({ index: value, plugin: name, returned: options }, say)
  return value
}
`

it('leaves nothing of a call in what the minifier writes', async () => {
  const file = join(import.meta.dirname, '../../../src/check/off.ts')
  const bundle = await rollup({
    input: 'entry',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === 'entry' ? id : id === 'check' ? file : null),
        load: (id) => (id === 'entry' ? CALLS : null),
        transform: (code, id) => (id.endsWith('.ts') ? { code: stripTypeScriptTypes(code), map: null } : null),
      },
    ],
  })
  const { output } = await bundle.generate({ format: 'es' })
  await bundle.close()
  const { code } = await minify(output[0].code, { module: true, mangle: { toplevel: true } })
  expect(code!.trim()).toMatch(/^function \w\(\w,\w,(\w)\)\{return \1\}export\{\w as init\};$/)
})

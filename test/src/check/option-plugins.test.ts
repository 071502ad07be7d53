import { expect, it } from 'vitest'
import { checkOptions } from '../../../src/check/index.ts'
import { said } from './said.ts'

const webVitals = (): (() => void) => () => {}
const plugin = (): void => {}

it.each<[string, unknown, ...string[]]>([
  ['plugins', webVitals, 'option "plugins" is a function. No plugin starts. Write a list: plugins: [webVitals()].'],
  ['plugins', {}, 'option "plugins" is an object. No plugin starts. Write a list: plugins: [webVitals()].'],
  [
    'plugins',
    [webVitals],
    'plugins[0] is webVitals itself, which makes a plugin. It records nothing. Call it: plugins: [webVitals()].',
  ],
  [
    'plugins',
    [plugin, false, 'errors', Promise.resolve(plugin)],
    'plugins[1] is false, not a plugin. It does not start. For one that is not always there, write ...(condition ? [errors()] : []).',
    'plugins[2] is "errors", not a plugin. It does not start. Import the plugin and call it: plugins: [webVitals()].',
    'plugins[3] is a promise, not a plugin. It does not start. Wait for it before init.',
  ],
  ['plugins', [plugin, plugin], 'plugins[1] is the same as plugins[0]. It records twice. Leave one out.'],
])('%s: %j', (_, value, ...texts) => {
  expect(said((say) => checkOptions({ plugins: value }, say, { factories: { webVitals } }))).toEqual(texts)
})

import { show } from './show.ts'

/** The factories of the package by name, `{ webVitals, errors, … }`, and `filter`. */
export type Factories = Readonly<Record<string, unknown>>

/** The mistakes in the option `plugins`. Calls nothing in it. */
export function mistakesInPlugins(plugins: unknown, factories: Factories): string[] {
  if (plugins === undefined) return []
  if (!Array.isArray(plugins))
    return [`option "plugins" is ${show(plugins)}. No plugin starts. Write a list: plugins: [webVitals()].`]
  return plugins.flatMap((plugin: unknown, index) => {
    const whose = `plugins[${index}]`
    const factory = Object.keys(factories).find((name) => factories[name] === plugin)
    if (typeof plugin === 'function' && factory !== undefined)
      return [
        `${whose} is ${factory} itself, which makes a plugin. It records nothing. Call it: plugins: [${factory}()].`,
      ]
    const first = plugins.indexOf(plugin)
    if (typeof plugin === 'function')
      return first < index ? [`${whose} is the same as plugins[${first}]. It records twice. Leave one out.`] : []
    return [`${whose} is ${show(plugin)}, not a plugin. It does not start. ${adviceFor(plugin)}`]
  })
}

function adviceFor(plugin: unknown): string {
  if (typeof plugin === 'string') return 'Import the plugin and call it: plugins: [webVitals()].'
  return plugin instanceof Promise
    ? 'Wait for it before init.'
    : 'For one that is not always there, write ...(condition ? [errors()] : []).'
}

import { rollup, type InputPluginOption, type OutputPluginOption, type RollupOptions } from 'rollup'

export interface BundleOptions {
  readonly format: 'es' | 'iife'
  /** Whose plugins the build takes: the page's have no checks of options. */
  readonly runsIn: 'page' | 'worker'
  /** @default false */
  readonly minified?: boolean
}

/** One file with everything `entry` imports, made as the build makes its own: with the same plugins, minified alike. */
export async function bundle(entry: string, { format, runsIn, minified = false }: BundleOptions): Promise<string> {
  const { plugins, minify } = await buildPlugins(runsIn)
  const build = await rollup({ input: entry, plugins, external: ['cloudflare:workers'], logLevel: 'silent' })
  const { output } = await build.generate({
    format,
    inlineDynamicImports: true,
    plugins: minified ? minify : [],
  })
  await build.close()
  return output[0].code
}

async function buildPlugins(
  runsIn: BundleOptions['runsIn'],
): Promise<{ plugins: InputPluginOption; minify: OutputPluginOption }> {
  const file = new URL('../rollup.config.mjs', import.meta.url).href
  const { default: outputs } = (await import(file)) as { default: readonly RollupOptions[] }
  const outputOf = (input: string): RollupOptions => {
    const found = outputs.find((options) => [options.input, Object.values(options.input ?? {})].flat().includes(input))
    if (!found) throw new Error(`rollup.config.mjs makes nothing of ${input}`)
    return found
  }
  const core = outputOf('bench/size/core.ts')
  const minify = Array.isArray(core.output) ? [] : (core.output?.plugins ?? [])
  return { plugins: runsIn === 'page' ? core.plugins : outputOf('worker/index.ts').plugins, minify }
}

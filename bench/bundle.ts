import { rollup, type InputPluginOption, type OutputPluginOption, type RollupOptions } from 'rollup'

export interface BundleOptions {
  readonly format: 'es' | 'iife'
  /** @default false */
  readonly minified?: boolean
}

/** One file with everything `entry` imports, made as the build makes its own: with the same plugins, minified alike. */
export async function bundle(entry: string, { format, minified = false }: BundleOptions): Promise<string> {
  const { plugins, minify } = await buildPlugins()
  const build = await rollup({ input: entry, plugins, external: ['cloudflare:workers'], logLevel: 'silent' })
  const { output } = await build.generate({ format, plugins: minified ? minify : [] })
  await build.close()
  return output[0].code
}

async function buildPlugins(): Promise<{ plugins: InputPluginOption; minify: OutputPluginOption }> {
  const file = new URL('../rollup.config.mjs', import.meta.url).href
  const { default: outputs } = (await import(file)) as { default: readonly RollupOptions[] }
  const outputOf = (input: string): RollupOptions => {
    const found = outputs.find((options) => options.input === input)
    if (!found) throw new Error(`rollup.config.mjs makes nothing of ${input}`)
    return found
  }
  const core = outputOf('bench/size/core.ts').output
  const minify = Array.isArray(core) ? [] : (core?.plugins ?? [])
  return { plugins: outputOf('worker/index.ts').plugins, minify }
}

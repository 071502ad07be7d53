import type { Attributes } from '../../../src/protocol/types.ts'
import type { Plugin, PluginContext } from '../../../src/core/plugin.ts'

export interface Recording {
  /** `[name, value, attributes]` of each call, in order; a counter's value is what was added. */
  readonly records: readonly (readonly [name: string, value: number, attributes?: Attributes])[]
  readonly stop: () => void
}

/** Starts a plugin on a beacon that only writes down what it is told. */
export function startRecording(plugin: Plugin): Recording {
  const records: [string, number, Attributes?][] = []
  const record = (name: string, value = 1, attributes?: Attributes): void =>
    void records.push(attributes ? [name, value, attributes] : [name, value])
  const stop = plugin({ increment: record, observe: record } as PluginContext)
  return { records, stop: stop ?? (() => {}) }
}

import type { Decoded } from '../../../contract/exporter-contract.ts'

/**
 * Prometheus text 0.0.4, read by the letter of its description; throws at what a Pushgateway refuses: time stamps, a type given twice
 * or after a sample, the same series twice. Source: prometheus.io/docs/instrumenting/exposition_formats.
 */
export function decodeExposition(text: string): Decoded[] {
  if (text !== '' && !text.endsWith('\n')) throw new Error('no line feed at the end')
  const typed = new Set<string>()
  const seen = new Set<string>()
  return text.split('\n').flatMap((line) => {
    const [, comment, about = ''] = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) \S/.exec(line) ?? []
    if (comment === 'TYPE') {
      if (typed.has(about) || seen.has(about)) throw new Error(`the type of ${about} comes too late`)
      typed.add(about)
    }
    if (line === '' || comment) return []
    const sample = decodeLine(line)
    const series = JSON.stringify([sample.name, Object.entries(sample.labels).map(String).sort()])
    if (seen.has(series)) throw new Error(`twice: ${line}`)
    seen.add(series).add(sample.name)
    return [sample]
  })
}

function decodeLine(line: string): Decoded {
  const [, name, inside = '', value] = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/su.exec(line) ?? []
  if (name === undefined || value === undefined) throw new Error(`no sample: ${line}`)
  const labels: Record<string, string> = {}
  let rest = inside
  while (rest !== '') {
    const [all, label, escaped] = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(?:,|$)/su.exec(rest) ?? []
    if (all === undefined || label === undefined || Object.hasOwn(labels, label)) throw new Error(`labels: ${rest}`)
    labels[label] = escaped!.replace(/\\(.)/gu, (_, letter: string) => (letter === 'n' ? '\n' : letter))
    rest = rest.slice(all.length)
  }
  return { name, labels, value: Number(value.replace('Inf', 'Infinity')) }
}

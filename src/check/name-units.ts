import { quote } from './show.ts'

interface Unit {
  readonly says: string
  /** And how to get there. */
  readonly base: string
}

const seconds = (says: string, factor: string): Unit => ({ says, base: `seconds (value ${factor})` })
const bytes = (says: string, factor: string): Unit => ({ says, base: `bytes (value ${factor})` })
const ratio: Unit = { says: 'a percentage', base: 'a ratio (value / 100)' }

/** Ends of names that can mean nothing but a unit. */
const WORDS: Readonly<Record<string, Unit>> = {
  milliseconds: seconds('milliseconds', '/ 1_000'),
  millis: seconds('milliseconds', '/ 1_000'),
  microseconds: seconds('microseconds', '/ 1_000_000'),
  micros: seconds('microseconds', '/ 1_000_000'),
  nanoseconds: seconds('nanoseconds', '/ 1e9'),
  nanos: seconds('nanoseconds', '/ 1e9'),
  kilobytes: bytes('kilobytes', '* 1_000'),
  megabytes: bytes('megabytes', '* 1_000_000'),
}

/** Ends that mean a unit where something is measured. A counter `clicks.ms` may count a language. */
const MEASURED: Readonly<Record<string, Unit>> = {
  ...WORDS,
  ms: seconds('milliseconds', '/ 1_000'),
  msec: seconds('milliseconds', '/ 1_000'),
  minutes: seconds('minutes', '* 60'),
  hours: seconds('hours', '* 3_600'),
  kb: bytes('kilobytes', '* 1_000'),
  mb: bytes('megabytes', '* 1_000_000'),
  percent: ratio,
  percentage: ratio,
  pct: ratio,
}

/** `duration_ms` and `duration.ms`; `durationMs` and `transferKB`. */
const ENDS = [/^(.*[^._])[._]+([A-Za-z]+)$/, /^(.*[a-z\d])([A-Z][a-z]+|MS|KB|MB)$/]

/** A text about a unit at the end of a metric's name that is not a base unit; undefined where there is none. */
export function misfitUnit(kind: string, name: string): string | undefined {
  const units = kind === 'counter' ? WORDS : MEASURED
  for (const end of ENDS) {
    const [, rest = '', word = ''] = end.exec(name) ?? []
    const unit = Object.entries(units).find(([spelling]) => spelling === word.toLowerCase())?.[1]
    if (unit)
      return `${kind} ${quote(name)}: its name says ${unit.says}. It is recorded as it is, but dashboards and backends expect base units. Record ${unit.base}, and name it ${quote(rest)}.`
  }
  return undefined
}

import { MAX_WEIGHT } from '../protocol/limits.ts'
import type { Mistake } from './report.ts'
import { quote, show } from './show.ts'
import { doubtAboutText, mistakeInText } from './texts.ts'

const SECOND_MS = 1_000
const DAY_MS = 86_400_000

/** Below, a number of milliseconds that is too small is rather one of seconds. */
const MAX_LIKELY_SECONDS = 300

/** 1234567 as a script writes it: 1_234_567. */
const written = (value: number): string => String(value).replace(/\B(?=(?:\d{3})+$)/g, '_')

/** Whether the clamp (src/core/settings.ts), which compares, takes a text for the number that it spells. */
const isTakenForNumber = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'string' && Number(value) >= least && Number(value) <= most

export function mistakeInLabel(name: string, value: unknown): Mistake {
  if (value === undefined) return undefined
  if (typeof value !== 'string') {
    const example = typeof value === 'number' ? `'${value}'` : name === 'service' ? "'shop'" : "'1.4.2'"
    return `option "${name}" is ${show(value)}, not a text. It is left out. Write ${name}: ${example}.`
  }
  const mistake = mistakeInText(value)
  if (mistake !== undefined) return `option "${name}" ${mistake}. It is left out. Write a shorter, plain text.`
  const doubt = doubtAboutText(value)
  return doubt && `option "${name}" is ${quote(value)}: it ${doubt}. It is sent as it is. Set it, or leave it out.`
}

export function mistakeInInterval(value: unknown): Mistake {
  if (value === undefined) return undefined
  const subject = `option "flushIntervalMs" is ${show(value)}`
  const instead = 'The default, 30 seconds, is used.'
  if (isTakenForNumber(value, SECOND_MS, DAY_MS))
    return `${subject}, not a number. It is taken for one. Write flushIntervalMs: ${written(Number(value))}.`
  if (typeof value !== 'number' || Number.isNaN(value))
    return `${subject}, not a number of milliseconds. ${instead} Write flushIntervalMs: 30_000.`
  if (value > DAY_MS)
    return `${subject}, more than a day. ${instead} Write at most ${written(DAY_MS)}, and call flush() to send at once.`
  if (value >= SECOND_MS) return undefined
  const advice =
    value >= 1 && value <= MAX_LIKELY_SECONDS
      ? `Did you mean ${value} seconds? Write flushIntervalMs: ${written(value * SECOND_MS)}.`
      : `Write at least ${written(SECOND_MS)}.`
  return `${subject}, less than a second: the unit is milliseconds. ${instead} ${advice}`
}

export function mistakeInRate(value: unknown): Mistake {
  if (value === undefined) return undefined
  const subject = `option "sampleRate" is ${show(value)}`
  const instead = '1 is used: every page view records.'
  if (isTakenForNumber(value, 1 / MAX_WEIGHT, 1))
    return `${subject}, not a number. It is taken for one. Write sampleRate: ${Number(value)}.`
  if (typeof value !== 'number' || Number.isNaN(value))
    return `${subject}, not a number. ${instead} Write a share from 0 to 1: sampleRate: 0.1.`
  if (value > 1) {
    const example = value <= 100 ? value / 100 : 0.1
    return `${subject}: it is a share, not a percentage. ${instead} Write sampleRate: ${example}.`
  }
  if (value < 0) return `${subject}, below 0. ${instead} Write a share from 0 to 1: sampleRate: 0.1.`
  return value !== 0 && value < 1 / MAX_WEIGHT
    ? `${subject}: the least is one page view in ${written(MAX_WEIGHT)}. ${instead} Write sampleRate: ${1 / MAX_WEIGHT}, or 0 for none.`
    : undefined
}

/** @param factory `filter` of the package itself, where it is known */
export function mistakeInFilter(value: unknown, factory: unknown): Mistake {
  if (value === undefined) return undefined
  if (typeof value === 'function' && value !== factory)
    // A filter takes the verbs and the recorder.
    return value.length < 2
      ? 'option "filter" is a function that filter() did not make. It is called once, when the beacon starts, and not for each record. Write filter: filter((record) => record).'
      : undefined
  const what = value === factory ? 'filter itself, not called' : `${show(value)}, not what filter() returns`
  return `option "filter" is ${what}. Nothing is filtered. Write filter: filter((record) => record).`
}

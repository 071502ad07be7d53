/** A moment in UTC, each part with leading zeros. */
export interface UtcParts {
  readonly yyyy: string
  readonly mm: string
  readonly dd: string
  readonly hh: string
  readonly min: string
  readonly ss: string
  /** Milliseconds, three digits. */
  readonly ms: string
}

const DAY_MS = 86_400_000
/** From 0000-03-01, where a calendar that ends its years with February begins, to 1970-01-01. */
const EPOCH_DAYS = 719_468
const DAYS_IN_400_YEARS = 146_097

const padded = (value: number, digits: number): string => String(Math.floor(value)).padStart(digits, '0')

/**
 * @param timeMs from the year 0 to 9999, ms since 1970
 * Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
 */
export function utcParts(timeMs: number): UtcParts {
  const day = Math.floor(timeMs / DAY_MS)
  const inDayMs = timeMs - day * DAY_MS
  const sinceMarch = day + EPOCH_DAYS
  const era = Math.floor(sinceMarch / DAYS_IN_400_YEARS)
  const dayOfEra = sinceMarch - era * DAYS_IN_400_YEARS
  const leaps = Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096)
  const year = Math.floor((dayOfEra - leaps) / 365)
  const dayOfYear = dayOfEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  return {
    yyyy: padded(year + era * 400 + (month <= 2 ? 1 : 0), 4),
    mm: padded(month, 2),
    dd: padded(dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1, 2),
    hh: padded(inDayMs / 3_600_000, 2),
    min: padded((inDayMs / 60_000) % 60, 2),
    ss: padded((inDayMs / 1_000) % 60, 2),
    ms: padded(inDayMs % 1_000, 3),
  }
}

/** As in RFC 3339: `2026-11-21T08:24:00.123Z`. */
export function isoTime(timeMs: number): string {
  const { yyyy, mm, dd, hh, min, ss, ms } = utcParts(timeMs)
  return `${yyyy}-${mm}-${dd}T${hh}:${min}:${ss}.${ms}Z`
}

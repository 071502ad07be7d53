/** Prints rows under a heading, columns aligned: text to the left, numbers to the right. */
export function printTable(title: string, header: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [header, ...rows]
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')
  console.log(`\n${title}\n${all.map(line).join('\n')}`)
}

export const number = (value: number, digits = 0): string =>
  value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits })

/** A budget of the design, and whether `value` keeps it. */
export const atMost = (limit: number, value: number): string =>
  `at most ${limit.toLocaleString('en')}${verdict(value <= limit)}`
export const atLeast = (limit: number, value: number): string =>
  `at least ${limit.toLocaleString('en')}${verdict(value >= limit)}`

const verdict = (isKept: boolean): string => (isKept ? ', kept' : ', MISSED')

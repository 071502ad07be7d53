/** One structured line for the operator. Never a body, a header or an address: they are the visitor's. */
export function logError(message: string, error: unknown): void {
  // oxlint-disable-next-line no-console -- a worker's log is its console
  console.error({ message, error: String(error) })
}

/** One structured line that was asked for. */
export function logLine(line: Readonly<Record<string, unknown>>): void {
  // oxlint-disable-next-line no-console -- a worker's log is its console
  console.log(line)
}

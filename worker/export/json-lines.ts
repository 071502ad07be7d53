// Pure: no I/O, no clock, no randomness.

/** One JSON text and a line feed (jsonlines.org): JSON.stringify leaves no raw line feed inside. */
export const jsonLine = (value: unknown): string => `${JSON.stringify(value)}\n`

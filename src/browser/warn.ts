/** Tells the developer, and nobody else. A page may have replaced the console by anything. */
export const warn = (...message: readonly unknown[]): void => {
  try {
    // oxlint-disable-next-line no-console -- the one place that may
    console.warn('pharos:', ...message)
  } catch {
    // There is nobody left to tell.
  }
}

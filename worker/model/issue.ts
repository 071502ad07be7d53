/** A mistake in a configuration: where, and what to do. It never repeats a value, which may be a secret in the wrong place. */
export interface Issue {
  readonly path: readonly (string | number)[]
  readonly message: string
}

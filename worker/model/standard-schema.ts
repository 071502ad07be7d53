/**
 * A check of one value, with the interface that libraries for validation share (https://standardschema.dev). Schemas of valibot, zod
 * and ArkType have it, and so have the checks of Pharos.
 */
export interface StandardSchema<Output> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => CheckResult<Output> | Promise<CheckResult<Output>>
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined
  }
}

export type CheckResult<Output> =
  { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly CheckIssue[] }

export interface CheckIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** Checks by the keys of an object. */
export type Checks = Readonly<Record<string, StandardSchema<unknown>>>

/** The values that pass them. */
export type ValuesOf<Some extends Checks> = {
  readonly [Key in keyof Some]: Some[Key] extends StandardSchema<infer Value> ? Value : never
}

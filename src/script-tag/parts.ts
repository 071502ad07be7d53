/** A file that the tag loads when it needs it. */
export interface PartFile {
  /** From the endpoint's worker: `/pharos-courier.<hash>.js`. */
  readonly path: string
  /** Subresource Integrity. */
  readonly integrity: string
}

const notBuilt: PartFile = { path: '', integrity: '' }

/** Written by the build, which puts this module's content in its place (tools/build-script.mjs). */
export const parts: Readonly<Record<'courier' | 'compactor' | 'development', PartFile>> = {
  courier: notBuilt,
  compactor: notBuilt,
  development: notBuilt,
}

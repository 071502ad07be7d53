/** The script of the page, in the files that the build makes of it. Data only. */
export interface Script {
  /** The file behind the tag. Its text holds the paths of the parts, so its hash stands for the whole build. */
  readonly main: ScriptFile
  /** The parts that the tag loads when it needs them. */
  readonly parts: readonly ScriptFile[]
}

export interface ScriptFile {
  /** `pharos`, or `pharos-courier` for a part. */
  readonly name: string
  /** `/<name>.<hash>.js`: its content never changes. */
  readonly path: string
  /** The first 16 hex digits of the body's SHA-256. */
  readonly hash: string
  /** The value of `integrity` in a page (Subresource Integrity). */
  readonly integrity: string
  readonly body: string
  /** The body, brotli-compressed at build time, as base64. */
  readonly brotli: string
}

/** A file of a build as it is kept for pages that go on asking for it. Its path says what hash its body must have. */
export interface KeptFile extends Pick<ScriptFile, 'path' | 'body' | 'brotli'> {
  /** The hash of `brotli`, as the path has that of the body. */
  readonly brotliHash: string
}

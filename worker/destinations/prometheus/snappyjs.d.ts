declare module 'snappyjs' {
  /** Snappy block format, as remote-write wants it, not the framed one. */
  export function compress(bytes: Uint8Array): Uint8Array<ArrayBuffer>
}

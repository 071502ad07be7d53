/**
 * 32 bits of a session id, uniform. The seed is secret and differs from object to object, so that no client can choose
 * ids that meet. Finalizer: MurmurHash3, fmix32.
 */
export function sessionHash(session: string, seed: number): number {
  let hash = seed
  for (let i = 0; i < session.length; i++) {
    hash = Math.imul(hash ^ session.charCodeAt(i), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

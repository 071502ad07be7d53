/**
 * 64 bits of a list of texts as 16 hexadecimal digits: equal lists, equal digits. For names, not for security.
 * Two lanes of a multiplicative hash. Finalizer: MurmurHash3, fmix32.
 */
export function fingerprint(texts: Iterable<string>): string {
  let left = 0x243f6a88
  let right = 0x85a308d3
  const add = (code: number): void => {
    left = Math.imul(left ^ code, 0x9e3779b1)
    left ^= left >>> 15
    right = Math.imul(right ^ code, 0x85ebca77)
    right ^= right >>> 13
  }
  for (const text of texts) {
    for (let i = 0; i < text.length; i++) add(text.charCodeAt(i))
    // No UTF-16 code unit, so that ['ab'] and ['a', 'b'] differ.
    add(0x10000)
  }
  return finish(left) + finish(right)
}

function finish(lane: number): string {
  let hash = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0).toString(16).padStart(8, '0')
}

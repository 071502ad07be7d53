import { guard } from './guard.ts'

/** A new session id: 16 characters of base 36 and as good as the browser's randomness. It lives no longer than the page. */
export const createSession = (): string => {
  const bytes = new Uint8Array(16).map(() => Math.random() * 256)
  // Embedded browsers may have none. The bytes are random already, if not as good.
  guard(() => crypto.getRandomValues(bytes))()
  let session = ''
  for (const byte of bytes) session += (byte % 36).toString(36)
  return session
}

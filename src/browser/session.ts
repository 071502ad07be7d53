/** What a session id needs: the browser's cryptographic source, missing in some embedded browsers. */
export type RandomSource = Partial<Pick<Crypto, 'getRandomValues'>> | undefined

/** A new session id: 96 random bits in base64url, 16 characters. It lives no longer than the page. */
export function createSession(source: RandomSource = globalThis.crypto): string {
  const bytes = new Uint8Array(12).map(() => Math.random() * 256)
  try {
    source?.getRandomValues?.(bytes)
  } catch {
    // The bytes are random already, if not as good.
  }
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
}

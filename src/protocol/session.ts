/** A session id of random bytes, one character for each: SESSION_LENGTH of them carry 82 bits. */
export const sessionOf = (bytes: Uint8Array): string => {
  let session = ''
  for (const byte of bytes) session += (byte % 36).toString(36)
  return session
}

/** Reads a protobuf message without its schema, field by field; throws where the bytes are none. Source: "Encoding". */
export function skipMessage(bytes: Uint8Array): void {
  let at = 0
  while (at < bytes.length) {
    const tag = varint()
    const field = Math.floor(tag / 8)
    const type = tag % 8
    if (field === 0) throw new Error('a field numbered 0')
    if (type === 0) varint()
    else if (type === 1) at += 8
    else if (type === 2) {
      const length = varint()
      at += length
    } else if (type === 5) at += 4
    else throw new Error(`a field of wire type ${type}`)
  }
  if (at !== bytes.length) throw new Error('the last field is cut')

  function varint(): number {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]
      if (byte === undefined) throw new Error('a varint is cut')
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
  }
}

/** The snappy block format, read independently of the encoder. Source: google/snappy, format_description.txt. */
export function decodeSnappy(input: Uint8Array): Uint8Array {
  let at = 0
  const little = (bytes: number): number => {
    let value = 0
    for (let i = 0; i < bytes; i++) value += input[at++]! * 2 ** (8 * i)
    return value
  }
  let length = 0
  for (let shift = 0, more = true; more; shift += 7) {
    const byte = input[at++]!
    length += (byte & 0x7f) * 2 ** shift
    more = byte >= 0x80
  }
  const output = new Uint8Array(length)
  let to = 0
  while (at < input.length) {
    const tag = input[at++]!
    const kind = tag & 3
    if (kind === 0) {
      const short = tag >> 2
      const count = 1 + (short < 60 ? short : little(short - 59))
      output.set(input.subarray(at, at + count), to)
      at += count
      to += count
      continue
    }
    const count = kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2)
    const offset = kind === 1 ? (tag >> 5) * 256 + input[at++]! : little(kind === 2 ? 2 : 4)
    if (offset === 0 || offset > to) throw new Error('a copy from before the beginning')
    for (let i = 0; i < count; i++, to++) output[to] = output[to - offset]!
  }
  if (to !== length) throw new Error(`${to} bytes instead of ${length}`)
  return output
}

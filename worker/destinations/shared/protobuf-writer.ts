import { PbfWriter } from 'pbf'
import { encodeUtf8 } from './utf8.ts'

/** The first half of a character beyond U+FFFF. */
const PAIR = /[\ud800-\udbff]/

/**
 * A writer of protobuf whose texts are UTF-8. pbf 5.1.2 writes a character of every second plane, U+20000 to U+2FFFF among them, as one
 * of the plane below it, so 𠮷 (U+20BB7) becomes U+10BB7: it joins the halves of a pair with `|` where it must add
 * (https://github.com/mapbox/pbf/blob/main/index.js, writeUtf8).
 */
export function createProtobufWriter(): PbfWriter {
  const writer = new PbfWriter()
  const writeString = writer.writeString.bind(writer)
  writer.writeString = (text) => (PAIR.test(text) ? writer.writeBytes(encodeUtf8(text)) : writeString(text))
  return writer
}

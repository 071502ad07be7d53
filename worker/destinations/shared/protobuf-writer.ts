import { PbfWriter } from 'pbf'

/**
 * A writer whose strings are right in every plane of Unicode. pbf 5.1.2 loses a bit of the code points from U+20000 on, which are rare
 * Chinese characters: it joins the surrogates with `| 0x10000` (writeUtf8 in its index.js), and 0x10000 is set in their offset already.
 */
export function createProtobufWriter(): PbfWriter {
  const writer = new PbfWriter()
  const writeString = writer.writeString.bind(writer)
  writer.writeString = (text) => {
    if (LEADS_FROM_20000.test(text)) writer.writeBytes(new TextEncoder().encode(text))
    else writeString(text)
  }
  return writer
}

/** The first code units of the pairs for U+20000 and above. */
const LEADS_FROM_20000 = /[\ud840-\udbff]/

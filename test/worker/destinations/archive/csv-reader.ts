/** A CSV reader of the strict kind, from RFC 4180 alone: it throws at what the grammar does not allow. */

/** All records, the header first; every one has as many fields as the first. */
export function readCsv(text: string): string[][] {
  const records: string[][] = []
  let at = 0
  while (at < text.length) {
    const { fields, end } = readRecord(text, at)
    if (fields.length !== (records[0] ?? fields).length)
      throw new Error(`record ${records.length}: ${fields.length} fields`)
    records.push(fields)
    at = end
  }
  return records
}

function readRecord(text: string, start: number): { fields: string[]; end: number } {
  const fields: string[] = []
  let at = start
  for (;;) {
    const { field, end } = text[at] === '"' ? readQuoted(text, at + 1) : readPlain(text, at)
    fields.push(field)
    if (text[end] === ',') at = end + 1
    else if (text.startsWith('\r\n', end)) return { fields, end: end + 2 }
    else throw new Error(`neither a comma nor CRLF at ${end}: ${JSON.stringify(text.slice(end, end + 20))}`)
  }
}

function readQuoted(text: string, start: number): { field: string; end: number } {
  let field = ''
  for (let at = start; at < text.length; at++) {
    if (text[at] !== '"') field += text[at]
    else if (text[at + 1] === '"') field += text[at++]
    else return { field, end: at + 1 }
  }
  throw new Error('a quote is not closed')
}

function readPlain(text: string, start: number): { field: string; end: number } {
  let end = start
  while (end < text.length && !',\r\n"'.includes(text[end]!)) end++
  return { field: text.slice(start, end), end }
}

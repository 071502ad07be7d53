import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { parseCsv, readArchive } from './archive-reader.ts'

it.each<[string, readonly Readonly<Record<string, string>>[]]>([
  ['a,b\r\n1,2\r\n', [{ a: '1', b: '2' }]],
  ['a,b\r\n,\r\n', [{ a: '', b: '' }]],
  ['a\r\n"x ""y"", z"\r\n', [{ a: 'x "y", z' }]],
  ['a,b\r\n"1\r\n2",3\r\n4,5', [{ a: '1\r\n2', b: '3' }, { a: '4', b: '5' }]], // prettier-ignore
])('reads the CSV %j', (text, expected) => {
  expect(parseCsv(text)).toEqual(expected)
})

it.each(['a,b\r\n1\r\n', 'a\r\n"x\r\n', 'a\r\nx"y\r\n'])('throws at %j', (text) => {
  expect(() => parseCsv(text)).toThrow(/no CSV at|cells under/)
})

it('reads both formats alike, in the order of the names', () => {
  const csv = 'name,kind,value,count,sum,scale,zero,positive,attribute_page\r\nh,histogram,,3,1.5,8,1,"[[0,2]]",/a\r\n'
  const json = '{"name":"c","kind":"counter","value":7,"attributes":{"page":"/b"}}\n'
  const rows = readArchive([
    { key: '2.csv', body: Buffer.from(csv) },
    { key: '1.jsonl.gz', body: gzipSync(json) },
  ])
  expect(rows).toMatchObject([
    { name: 'c', value: 7, attributes: { page: '/b' } },
    { name: 'h', count: 3, sum: 1.5, scale: 8, zero: 1, positive: [[0, 2]], attributes: { page: '/a' } },
  ])
})

import { describe, expect, it } from 'vitest'
import { answerFile, FOR_AN_HOUR, FOR_EVER } from '../../../../worker/http/script/answer-file.ts'
import { serveOwn, type ServedFile } from '../../../../worker/http/script/served-file.ts'
import { fileOf } from './builds.ts'

const source = await fileOf('pharos', 'window.pharos="é"')
const file: ServedFile = serveOwn(source)
const plain = { text: source.body, length: '18', coding: null, etag: `"${file.hash}"` }
const brotli = { text: atob(source.brotli), length: '12', coding: 'br', etag: `"${file.hash}-br"` }

interface Asked {
  readonly headers: Record<string, string>
  /** What Cloudflare says of a request. */
  readonly cf?: Record<string, unknown>
}

const answerTo = ({ headers, cf }: Asked, served: ServedFile = file): Response =>
  answerFile(
    new Request('https://beacon.example.com/pharos.js', { headers, ...(cf && { cf: cf as never }) }),
    served,
    FOR_AN_HOUR,
  )

const HEADERS = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  'content-type': 'text/javascript; charset=utf-8',
  'cache-control': 'public, max-age=3600',
  'x-content-type-options': 'nosniff',
  'content-location': file.path,
  'pharos-integrity': file.integrity,
  vary: 'accept-encoding',
}

describe('a file', () => {
  it.each([
    ['identity', plain],
    ['gzip', plain],
    ['br;q=0, *', plain],
    ['br', brotli],
    ['gzip, deflate, br', brotli],
    ['*', brotli],
  ])('for Accept-Encoding: %s', async (accepted, { text, length, coding, etag }) => {
    const response = answerTo({ headers: { 'accept-encoding': accepted } })
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toEqual({
      ...HEADERS,
      etag,
      'content-length': length,
      ...(coding && { 'content-encoding': coding }),
    })
    expect(await response.text()).toBe(text)
  })

  it('is plain for everybody where only plain bytes are to be had', async () => {
    const response = answerTo({ headers: { 'accept-encoding': 'br' } }, { ...file, brotli: undefined })
    expect([response.headers.get('content-encoding'), response.headers.get('etag')]).toEqual([null, plain.etag])
    expect(await response.text()).toBe(plain.text)
  })

  it('may be kept for as long as it is said', () => {
    const response = answerFile(new Request('https://beacon.example.com/'), file, FOR_EVER)
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  })
})

describe('a client that has it', () => {
  it.each<[string, typeof plain | typeof brotli, number]>([
    [plain.etag, plain, 304],
    [`W/${plain.etag}`, plain, 304],
    [`"x", ${plain.etag}`, plain, 304],
    [`"x",W/${plain.etag} ,"y"`, plain, 304],
    ['*', plain, 304],
    ['*', brotli, 304],
    [brotli.etag, brotli, 304],
    [`W/${brotli.etag}`, brotli, 304],
    ['"x"', plain, 200],
    ['', plain, 200],
    [file.hash, plain, 200],
    // It has another coding.
    [brotli.etag, plain, 200],
    [plain.etag, brotli, 200],
  ])('says %s', async (tag, { etag, coding, text }, status) => {
    const response = answerTo({ headers: { 'if-none-match': tag, 'accept-encoding': coding ?? 'identity' } })
    expect(response.status).toBe(status)
    expect(Object.fromEntries(response.headers)).toMatchObject({ ...HEADERS, etag })
    expect(await response.text()).toBe(status === 304 ? '' : text)
  })
})

describe('the coding', () => {
  const both = { 'accept-encoding': 'gzip, br' }
  it.each<{ by: string; asked: Asked; coding: string | null }>([
    {
      by: 'what the client said, where Cloudflare has written over it',
      asked: { headers: both, cf: { clientAcceptEncoding: 'gzip' } },
      coding: null,
    },
    { by: 'that the client named none', asked: { headers: both, cf: { clientAcceptEncoding: '' } }, coding: null },
    {
      by: 'what the client said, where another header came in its place',
      asked: { headers: { 'accept-encoding': 'gzip' }, cf: { clientAcceptEncoding: 'br' } },
      coding: 'br',
    },
    { by: 'the header, where Cloudflare has left it', asked: { headers: both, cf: {} }, coding: 'br' },
    { by: 'the header, where there is no Cloudflare', asked: { headers: both }, coding: 'br' },
    { by: 'no header at all', asked: { headers: {} }, coding: null },
  ])('goes by $by', ({ asked, coding }) => {
    expect(answerTo(asked).headers.get('content-encoding')).toBe(coding)
  })
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readOriginPattern } from '../../../worker/schema/origin-pattern.ts'

describe('readOriginPattern', () => {
  it.each([
    '*',
    'null',
    'https://shop.example.com',
    'http://localhost:8787',
    'https://*.example.com',
    'https://*.example.com:8443',
    'http://[::1]:8787',
    'https://a_b.example.com',
    'capacitor://localhost',
    'ionic://localhost',
    'tauri://localhost',
    'app://com.example.shop',
    'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
    'moz-extension://0b5c1a34-6c1f-4f3e-9a53-1b2c3d4e5f60',
  ])('takes %s as it is', (written) => {
    expect(readOriginPattern(written)).toEqual({ ok: true, value: written })
  })

  it.each([
    ['https://shop.example.com/', 'https://shop.example.com'],
    [' https://shop.example.com\n', 'https://shop.example.com'],
    ['HTTPS://Shop.Example.com', 'https://shop.example.com'],
    ['https://shop.example.com:443', 'https://shop.example.com'],
    ['http://shop.example.com:80/', 'http://shop.example.com'],
    ['http://shop.example.com:443', 'http://shop.example.com:443'],
    ['https://b\u00fccher.example', 'https://xn--bcher-kva.example'],
    ['https://*.B\u00fccher.example:443/', 'https://*.xn--bcher-kva.example'],
    ['http://[0:0::1]:8787', 'http://[::1]:8787'],
    ['http://127.1', 'http://127.0.0.1'],
    ['Capacitor://LocalHost/', 'capacitor://localhost'],
    ['app://com.Example.Shop', 'app://com.example.shop'],
  ])('writes %j as %s', (written, value) => {
    expect(readOriginPattern(written)).toEqual({ ok: true, value })
  })

  it.each([
    ['', 'give "*", an origin such as'],
    ['shop.example.com', 'with the scheme in front'],
    ['localhost:8787', 'with the scheme in front'],
    ['//shop.example.com', 'with the scheme in front'],
    ['https:shop.example.com', 'with the scheme in front'],
    ['https://', 'give "*", an origin such as'],
    ['https://shop.example.com/cart', 'leave out the path'],
    ['https://shop.example.com/*', 'leave out the path'],
    ['https://shop.example.com?x=1', 'leave out the query'],
    ['https://shop.example.com/?x=1', 'leave out the query'],
    ['https://shop.example.com#top', 'leave out the fragment'],
    ['https://user:secret@shop.example.com', 'leave out the user name'],
    ['https://a.example.com, https://b.example.com', 'each origin as an entry of its own'],
    ['https://a.example.com https://b.example.com', 'each origin as an entry of its own'],
    ['https://a.example.com;https://b.example.com', 'each origin as an entry of its own'],
    ['https://*', 'put "*." in front of the host'],
    ['https://a.*.com', 'put "*." in front of the host'],
    ['https://*shop.example.com', 'put "*." in front of the host'],
    ['https://*.*.example.com', 'put "*." in front of the host'],
    ['*.example.com', 'with the scheme in front'],
    ['chrome-extension://*', 'put "*." in front of the host'],
    // What is no star and no empty host as it is written, and is one as a URL.
    ['https://*.:443', 'give "*", an origin such as'],
    ['https://*.:8443', 'give "*", an origin such as'],
    ['https://*.:', 'give "*", an origin such as'],
    ['https://*.\u00ad', 'give "*", an origin such as'],
    ['https://*.\u200b:443', 'give "*", an origin such as'],
    ['https://\uff0a.', 'give "*", an origin such as'],
    ['https://shop\uff0a.com', 'give "*", an origin such as'],
    ['https://\uff0a:8443', 'give "*", an origin such as'],
    ['https://\ufe61:8443', 'give "*", an origin such as'],
    ['https://\uff0aample.com', 'give "*", an origin such as'],
    ['https://*..com', 'give "*", an origin such as'],
    ['https://*.127.0.0.1', 'give "*", an origin such as'],
    ['https://a b.example.com', 'each origin as an entry of its own'],
    ['https://a%20b.example.com', 'give "*", an origin such as'],
    ['https://shop.example.com:99999', 'give "*", an origin such as'],
    ['app://b\u00fccher', 'give "*", an origin such as'],
    ['file://', 'write "null"'],
    ['file:///home/me/index.html', 'write "null"'],
    ['wss://shop.example.com', 'write the origin of the page'],
    ['ftp://a.com', 'write the origin of the page'],
    ['data:text/html,x', 'each origin as an entry of its own'],
  ])('says what to do about %j', (written, message) => {
    const read = readOriginPattern(written)
    expect(read.ok).toBe(false)
    expect(!read.ok && read.error).toContain(message)
  })

  it('never has a star but in front of a host', () => {
    const part = fc.constantFrom(
      '*',
      '*.',
      '.',
      'a',
      'shop',
      ':443',
      ':8443',
      ':',
      '\u00ad',
      '\u200b',
      '\uff0a',
      '\ufe61',
      '\uff0e',
      '\u3002',
      'B\u00fc',
      '[::1]',
      '-',
      '_',
    )
    const checked = fc.check(
      fc.property(fc.constantFrom('https', 'HTTP', 'app'), fc.array(part, { maxLength: 6 }), (scheme, parts) => {
        const read = readOriginPattern(`${scheme}://${parts.join('')}`)
        return !read.ok || /^[a-z]+:\/\/(\*\.)?[^.:*][^*]*$/.test(read.value)
      }),
      { numRuns: 5_000 },
    )
    expect(checked).toMatchObject({ failed: false, counterexample: null })
  })

  it('repeats nothing that was written: it may be a secret', () => {
    const read = readOriginPattern('https://user:hunter2@shop.example.com')
    expect(JSON.stringify(read)).not.toContain('hunter2')
  })
})

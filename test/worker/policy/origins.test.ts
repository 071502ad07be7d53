import { describe, expect, it } from 'vitest'
import { isOriginAllowed } from '../../../worker/policy/origins.ts'

const own = 'https://beacon.example.com'

describe('isOriginAllowed', () => {
  it.each([
    { patterns: [], origin: own, allowed: true },
    { patterns: [], origin: null, allowed: true },
    { patterns: [], origin: 'https://other.example.com', allowed: false },
    { patterns: [], origin: 'null', allowed: false },
    { patterns: [], origin: 'http://beacon.example.com', allowed: false },
    { patterns: ['*'], origin: 'https://any.example', allowed: true },
    { patterns: ['*'], origin: 'null', allowed: true },
    { patterns: ['*'], origin: null, allowed: true },
    { patterns: ['https://a.com'], origin: 'https://a.com', allowed: true },
    { patterns: ['https://a.com'], origin: null, allowed: false },
    { patterns: ['https://a.com'], origin: 'null', allowed: false },
    { patterns: ['https://a.com'], origin: own, allowed: false },
    { patterns: ['https://a.com'], origin: 'https://a.com:8443', allowed: false },
    { patterns: ['https://a.com'], origin: 'https://a.com.evil.net', allowed: false },
    { patterns: ['https://b.com', 'https://*.a.com'], origin: 'https://x.a.com', allowed: true },
    { patterns: ['https://*.a.com'], origin: 'https://x.y.a.com', allowed: true },
    { patterns: ['https://*.a.com'], origin: 'https://feature_x.preview-1.a.com', allowed: true },
    { patterns: ['https://*.a.com'], origin: 'https://a.com', allowed: false },
    { patterns: ['https://*.a.com'], origin: 'https://.a.com', allowed: false },
    { patterns: ['https://*.a.com'], origin: 'https://xa.com', allowed: false },
    { patterns: ['https://*.a.com'], origin: 'http://x.a.com', allowed: false },
    { patterns: ['https://*.a.com'], origin: 'https://evil.net/.a.com', allowed: false },
    { patterns: ['https://*.a.com'], origin: 'https://evil.net:1.a.com', allowed: false },
    { patterns: ['capacitor://localhost'], origin: 'capacitor://localhost', allowed: true },
    { patterns: ['capacitor://localhost'], origin: 'ionic://localhost', allowed: false },
    { patterns: ['app://com.example.shop'], origin: 'app://com.Example.Shop', allowed: true },
    { patterns: ['chrome-extension://abcdefghijklmnop'], origin: 'chrome-extension://abcdefghijklmnop', allowed: true },
    { patterns: ['null'], origin: 'null', allowed: true },
    { patterns: ['null'], origin: null, allowed: false },
    { patterns: ['https://a.com'], origin: 'null', allowed: false },
    { patterns: [], origin: 'null', allowed: false },
    { patterns: ['https://*.a.com:8443'], origin: 'https://x.a.com:8443', allowed: true },
  ])('$origin by $patterns: $allowed', ({ patterns, origin, allowed }) => {
    expect(isOriginAllowed(origin, patterns, own)).toBe(allowed)
  })
})

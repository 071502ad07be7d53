import { describe, expect, it } from 'vitest'
import { redactUrl } from '../../../worker/schema/redact-url.ts'

describe('redactUrl', () => {
  it.each([
    ['https://example.com', 'https://example.com'],
    ['https://example.com:8443/api/v1/write', 'https://example.com:8443/api/v1/write'],
    ['https://hunter2@example.com/', 'https://[redacted]@example.com/'],
    ['https://user:hunter2@example.com/', 'https://[redacted]@example.com/'],
    ['https://user:hunter2@with@example.com/a', 'https://[redacted]@example.com/a'],
    ['https://example.com/?db=hunter2&u=hunter2', 'https://example.com/?db=[redacted]&u=[redacted]'],
    ['https://example.com/?a=b=hunter2', 'https://example.com/?a=[redacted]'],
    ['https://example.com/?hunter2', 'https://example.com/?[redacted]'],
    ['https://example.com/?a=b#hunter2', 'https://example.com/?a=[redacted]'],
    ['https://example.com/#hunter2', 'https://example.com/'],
    ['https://example.com/http/ZaVnC4dhaV3hunter2Zy==/in', 'https://example.com/http/[redacted]/in'],
    ['HTTPS://hunter2@example.com', 'HTTPS://[redacted]@example.com'],
    ['hunter2', '[redacted]'],
    ['r2://ARCHIVE', 'r2://ARCHIVE'],
    ['console:', 'console:'],
    ['memory:main', 'memory:main'],
  ])('%s', (url, shown) => {
    expect(redactUrl(url)).toBe(shown)
  })
})

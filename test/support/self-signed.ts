import { createHash, generateKeyPairSync, sign } from 'node:crypto'

export interface SelfSigned {
  /** PEM. */
  readonly key: string
  readonly cert: string
  /** The argument by which Chromium takes this certificate, and only this, for a good one. */
  readonly chromiumArg: string
}

/** A certificate that was made just now, so that no private key is kept anywhere. It names no owner, and no machine trusts it. */
export function selfSigned(): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  // RFC 5280, 4.1: serial number, algorithm, issuer, validity, subject, key.
  const body = sequence(der(0x02, [1]), ECDSA_WITH_SHA256, NAME, VALIDITY, NAME, spki)
  const signature = sign('sha256', body, privateKey)
  const cert = sequence(body, ECDSA_WITH_SHA256, der(0x03, [0, ...signature]))
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${cert.toString('base64')}\n-----END CERTIFICATE-----\n`,
    chromiumArg: `--ignore-certificate-errors-spki-list=${createHash('sha256').update(spki).digest('base64')}`,
  }
}

const der = (tag: number, content: ArrayLike<number>): Buffer => {
  const bytes = Buffer.from(content)
  const { length } = bytes
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...head]), bytes])
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, Buffer.concat(parts))
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'))
const text = (tag: number, value: string): Buffer => der(tag, Buffer.from(value, 'ascii'))

const ECDSA_WITH_SHA256 = sequence(oid('2a8648ce3d040302'))
/** A set of one attribute: the common name (2.5.4.3) `localhost`. */
const NAME = sequence(der(0x31, sequence(oid('550403'), text(0x0c, 'localhost'))))
const VALIDITY = sequence(text(0x17, '200101000000Z'), text(0x17, '491231235959Z'))

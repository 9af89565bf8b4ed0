// API keys: `jai_<stage>_<key id>_<secret><checksum>`. The checksum tells junk from keys before anything is read; the key
// itself is shown once and stored only as a digest.
import { createHash, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { ApiKey, Scope } from '../../../contract/api-key.ts'

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const keyIdLength = 12
/** 62^30 is 178 bits. */
const secretLength = 30
/** 62^6 holds every 32-bit checksum. */
const checksumLength = 6
const keyPattern = new RegExp(
  `^(jai_([a-z0-9-]{1,32})_([0-9A-Za-z]{${keyIdLength}})_[0-9A-Za-z]{${secretLength}})([0-9A-Za-z]{${checksumLength}})$`,
)

export interface NewKey {
  /** The whole key, for the one time that it is shown. */
  readonly key: string
  readonly stored: ApiKey
}

/** Makes a key. `randomBytes` must be fit for secrets. */
export function mintApiKey(
  stage: string,
  terms: Pick<ApiKey, 'scopes' | 'createdAtMs' | 'expiresAtMs'>,
  randomBytes: (count: number) => Uint8Array,
): NewKey {
  const keyId = randomText(keyIdLength, randomBytes)
  const unchecked = `jai_${stage}_${keyId}_${randomText(secretLength, randomBytes)}`
  const key = `${unchecked}${checksumOf(unchecked)}`
  if (readKeyId(key, stage) !== keyId) throw new Error('The stage cannot be part of a key')
  return { key, stored: { ...terms, keyId, hash: hashOf(key).toString('hex'), lastFour: key.slice(-4) } }
}

/** The id within a key of this stage; undefined for anything that was never minted for it. */
export function readKeyId(key: string, stage: string): string | undefined {
  const [, unchecked, ofStage, keyId, checksum] = keyPattern.exec(key) ?? []
  if (unchecked === undefined || ofStage !== stage) return undefined
  return checksumOf(unchecked) === checksum ? keyId : undefined
}

/** Whether a key is the stored one and still good: `refused` without saying why, `forbidden` when only the scope lacks. */
export function judgeKey(key: string, stored: ApiKey, scope: Scope, nowMs: number): 'good' | 'forbidden' | 'refused' {
  const expected = Buffer.from(stored.hash, 'hex')
  const seen = hashOf(key)
  if (expected.length !== seen.length || !timingSafeEqual(expected, seen)) return 'refused'
  if (stored.revokedAtMs !== undefined && nowMs >= stored.revokedAtMs) return 'refused'
  if (stored.expiresAtMs !== undefined && nowMs >= stored.expiresAtMs) return 'refused'
  return stored.scopes.includes(scope) ? 'good' : 'forbidden'
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}

function checksumOf(text: string): string {
  let rest = crc32(text)
  let checksum = ''
  for (let place = 0; place < checksumLength; place++) {
    checksum = digits.charAt(rest % digits.length) + checksum
    rest = Math.floor(rest / digits.length)
  }
  return checksum
}

/** Every digit equally likely: bytes above the last whole multiple of 62 are thrown away. */
function randomText(length: number, randomBytes: (count: number) => Uint8Array): string {
  const usable = 256 - (256 % digits.length)
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < usable && text.length < length) text += digits.charAt(byte % digits.length)
    }
  }
  return text
}

// Where a person falls between 0 and 1, for ever the same: the "hash v2" of GrowthBook's SDKs, so that assignments can be
// checked against theirs.

/** FNV-1a, 32 bits, over UTF-16 code units as those SDKs do (for ASCII the same as over bytes). */
function fnv1a32(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  }
  return hash >>> 0
}

/** One of 0, 0.0001 … 0.9999. Different seeds give independent places to the same value. */
export function assignmentHash(seed: string, value: string): number {
  return (fnv1a32(String(fnv1a32(seed + value))) % 10_000) / 10_000
}

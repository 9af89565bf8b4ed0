// How bodies set aside are named to callers: each by its digest, and a page of their list by where it begins.

/** `at#<milliseconds>#<digest>`, the only sort keys that such a list reads. */
export function isQuarantineMark(next: string): boolean {
  return /^at#\d{13}#[\w-]{1,64}$/.test(next)
}

/** A SHA-256 in base64url, which names a body. */
export function isQuarantineId(id: string | undefined): id is string {
  return id !== undefined && /^[\w-]{43}$/.test(id)
}

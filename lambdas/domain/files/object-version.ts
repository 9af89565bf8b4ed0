// Which version of an object is meant, and what is thrown when it is not there.

export interface Pinned {
  readonly key: string
  /** Absent: whatever stands there. */
  readonly etag?: string
}

/** `changed`: the object was overwritten since it was planned. */
export type Missing = 'changed' | 'gone'

/** The version asked for is not there any more. */
export class VersionMissing extends Error {
  readonly missing: Missing

  constructor(missing: Missing) {
    super(`The object is ${missing}`)
    this.name = 'VersionMissing'
    this.missing = missing
  }
}

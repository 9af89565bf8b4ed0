// What every event source offers to the engine.

export type Source = {
  readonly name: string
  /** Records or messages taken and not yet done. */
  readonly pendingCount: () => number
  /** Whether everything that exists has been handled. */
  readonly isIdle: () => boolean
  /** Takes nothing more; batches that run may finish. */
  readonly stop: () => Promise<void>
  /** Writes what a restart needs, after the functions have stopped. */
  readonly flush: () => void
}

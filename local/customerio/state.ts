// What the stand-in holds: an account of Customer.io, and the fault that its API shall show.
import type { Account } from './account.ts'

export type StandInFault = {
  readonly mode: 'status' | 'slow' | 'cut'
  /** With `status`: what is answered instead. */
  readonly status?: number
  /** With `slow`: how long the answer is held back. */
  readonly delayMs?: number
  /** How many calls meet it; absent: all, until it is taken away. */
  readonly times?: number
}

/** Shared by the ports: who drives the stand-in changes it, the API reads it. */
export type StandInState = { account: Account; fault: StandInFault | undefined }

// Faults that a test asks for: AWS being slow, refusing, breaking or answering errors. They meet functions, never the operator.
import { findNumber, findText, type Json } from '../json.ts'
import { LocalProblem } from '../problem.ts'

/** `cut` breaks the connection before the call is made, `lost` after it was made: the caller cannot tell which. */
const MODES = ['refuse', 'slow', 'cut', 'lost', 'unavailable', 'throttle'] as const
export type FaultMode = (typeof MODES)[number]
export type Fault = {
  readonly service: string
  readonly action?: string
  readonly function?: string
  readonly mode: FaultMode
  readonly delayMs: number
  /** How many calls it meets before it ends; endless if absent. */
  remaining: number
}

export type Faults = {
  readonly add: (wanted: Json) => void
  readonly clear: () => void
  readonly list: () => readonly Fault[]
  /** The fault that this call meets, if any; counts it. */
  readonly meet: (
    service: string,
    operation: string,
    actions: readonly string[],
    functionName: string,
  ) => Fault | undefined
}

const parse = (wanted: Json): Fault => {
  const mode = MODES.find((each) => each === findText(wanted, 'mode'))
  const service = findText(wanted, 'service')
  if (mode === undefined || service === undefined)
    throw new LocalProblem(`A fault needs a service and a mode (${MODES.join(', ')}).`)
  const action = findText(wanted, 'action')
  const functionName = findText(wanted, 'function')
  return {
    service,
    mode,
    delayMs: findNumber(wanted, 'delayMs') ?? 0,
    remaining: findNumber(wanted, 'count') ?? Number.POSITIVE_INFINITY,
    ...(action === undefined ? {} : { action }),
    ...(functionName === undefined ? {} : { function: functionName }),
  }
}

export const makeFaults = (): Faults => {
  let faults: Fault[] = []
  return {
    add: (wanted) => faults.push(parse(wanted)),
    clear: () => {
      faults = []
    },
    list: () => faults,
    meet: (service, operation, actions, functionName) => {
      if (faults.length === 0) return undefined
      const fault = faults.find(
        (each) =>
          each.service === service &&
          (each.function === undefined || each.function === functionName) &&
          (each.action === undefined || each.action === operation || actions.includes(`${service}:${each.action}`)),
      )
      if (fault === undefined) return undefined
      fault.remaining -= 1
      if (fault.remaining <= 0) faults = faults.filter((each) => each !== fault)
      return fault
    },
  }
}

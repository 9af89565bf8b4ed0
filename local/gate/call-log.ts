// Remembers every decision of the gate, counted, so that grants can be judged by the calls that used them.
import type { Demand } from './demand.ts'
import type { RecordedCall } from './grants.ts'
import type { Decision } from './policy.ts'

export type CallLog = {
  readonly record: (functionName: string, demand: Demand, decision: Decision) => void
  readonly calls: () => RecordedCall[]
  readonly clear: () => void
}

export const makeCallLog = (): CallLog => {
  const entries = new Map<string, { call: RecordedCall; count: number }>()
  return {
    record: (functionName, demand, decision) => {
      const key = `${functionName} ${demand.action} ${demand.resource} ${decision.statements.join()}`
      const known = entries.get(key)
      if (known !== undefined) known.count += 1
      else {
        const { action, resource, context } = demand
        const call = {
          function: functionName,
          action,
          resource,
          allowed: decision.allowed,
          statements: decision.statements,
          count: 1,
        }
        entries.set(key, { call: context === undefined ? call : { ...call, context }, count: 1 })
      }
    },
    calls: () => [...entries.values()].map(({ call, count }) => ({ ...call, count })),
    clear: () => entries.clear(),
  }
}

// The environment of each deployed function. The stack cannot build a function without it, and the function parses its
// own with it: a missing variable is a type error there and a clear fault here.
import * as z from 'zod/mini'

const name = z.string().check(z.minLength(1))
const base = { STAGE: name }

export const environments = {
  GenerateCopy: z.object({ ...base, EVENTS_TABLE: name, SETTINGS_TABLE: name }),
  ReceiveCioWebhook: z.object({ ...base, EVENTS_TABLE: name, SETTINGS_TABLE: name, SECRET_PREFIX: name }),
  MeasureOutcomes: z.object({
    ...base,
    EVENTS_TABLE: name,
    OUTCOMES_TABLE: name,
    RESULTS_TABLE: name,
    SETTINGS_TABLE: name,
  }),
  ReadResults: z.object({ ...base, RESULTS_TABLE: name, SETTINGS_TABLE: name }),
  DescribeApi: z.object({ ...base }),
} as const

export type FunctionName = keyof typeof environments
export type Environment<F extends FunctionName> = z.infer<(typeof environments)[F]>

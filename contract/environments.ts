// The environment of each deployed function. The stack cannot build a function without it, and the function parses its
// own with it: a missing variable is a type error there and a clear fault here.
import * as z from 'zod/mini'

const name = z.string().check(z.minLength(1))
const base = { STAGE: name }
/** Whose tokens let people in: any OpenID provider that names groups as Cognito does, and the client they are made for. */
const tokens = { TOKEN_ISSUER: name, TOKEN_CLIENT: name }
/** What everything that loads files has. */
const files = { ...base, SETTINGS_TABLE: name, DATA_BUCKET: name, RANGES_QUEUE_URL: name }

export const environments = {
  GenerateCopy: z.object({ ...base, EVENTS_TABLE: name, SETTINGS_TABLE: name }),
  ReceiveCioWebhook: z.object({ ...base, EVENTS_TABLE: name, SETTINGS_TABLE: name, SECRET_PREFIX: name }),
  ReceiveCustomEvents: z.object({ ...base, EVENTS_TABLE: name, SETTINGS_TABLE: name }),
  MeasureOutcomes: z.object({
    ...base,
    EVENTS_TABLE: name,
    OUTCOMES_TABLE: name,
    RESULTS_TABLE: name,
    SETTINGS_TABLE: name,
  }),
  RemeasureOutcomes: z.object({
    ...base,
    EVENTS_TABLE: name,
    OUTCOMES_TABLE: name,
    RESULTS_TABLE: name,
    SETTINGS_TABLE: name,
    RESTATEMENT_QUEUE_URL: name,
  }),
  UpdateAllocations: z.object({ ...base, RESULTS_TABLE: name, SETTINGS_TABLE: name }),
  ReadResults: z.object({ ...base, ...tokens, RESULTS_TABLE: name, SETTINGS_TABLE: name }),
  Manage: z.object({
    ...base,
    ...tokens,
    /** Where the service is reached, without a slash at the end. */
    API_URL: name,
    EVENTS_TABLE: name,
    OUTCOMES_TABLE: name,
    RESULTS_TABLE: name,
    SETTINGS_TABLE: name,
    SECRET_PREFIX: name,
  }),
  CheckSetup: z.object({
    ...base,
    ...tokens,
    API_URL: name,
    EVENTS_TABLE: name,
    RESULTS_TABLE: name,
    SETTINGS_TABLE: name,
    SECRET_PREFIX: name,
    /** Where Customer.io's App API of each region is, without a slash at the end. */
    CUSTOMERIO_API_US: name,
    CUSTOMERIO_API_EU: name,
  }),
  PlanCustomEvents: z.object(files),
  LoadCustomEvents: z.object({ ...files, EVENTS_TABLE: name, NOTICES_QUEUE_URL: name }),
  ReconcileFiles: z.object({ ...files, NOTICES_QUEUE_URL: name }),
  ServeImports: z.object({ ...base, ...tokens, SETTINGS_TABLE: name, NOTICES_QUEUE_URL: name }),
  DescribeApi: z.object({ ...base }),
} as const

export type FunctionName = keyof typeof environments
export type Environment<F extends FunctionName> = z.infer<(typeof environments)[F]>

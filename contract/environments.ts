// The environment of each deployed function: the names that it must have, STAGE apart, which all have. The stack cannot
// build a function without them, and the function reads its own by them: a missing variable is a type error there and a
// clear fault here. One plain export each, without spreads, so that a bundle holds its own function's names only.
//
// TOKEN_ISSUER, TOKEN_CLIENT   whose tokens let people in: any OpenID provider that names groups as Cognito does
// API_URL                      where the service is reached, without a slash at the end
// ALERT_TEST_HOSTS, …_CA      test servers that alerts may go to, and who vouches for them; `none` where there are none
// CUSTOMERIO_API_US, …_EU      where Customer.io's App API of each region is, without a slash at the end

export const GenerateCopy = ['EVENTS_TABLE', 'SETTINGS_TABLE'] as const

export const ReceiveCioWebhook = ['EVENTS_TABLE', 'SETTINGS_TABLE', 'SECRET_PREFIX'] as const

export const ReceiveCustomEvents = ['EVENTS_TABLE', 'SETTINGS_TABLE'] as const

export const MeasureOutcomes = ['EVENTS_TABLE', 'OUTCOMES_TABLE', 'RESULTS_TABLE', 'SETTINGS_TABLE'] as const

export const RemeasureOutcomes = [
  'EVENTS_TABLE',
  'OUTCOMES_TABLE',
  'RESULTS_TABLE',
  'SETTINGS_TABLE',
  'RESTATEMENT_QUEUE_URL',
] as const

export const RecountResults = [
  'EVENTS_TABLE',
  'OUTCOMES_TABLE',
  'RESULTS_TABLE',
  'SETTINGS_TABLE',
  'DATA_BUCKET',
] as const

export const UpdateAllocations = ['RESULTS_TABLE', 'SETTINGS_TABLE'] as const

export const ReadResults = ['TOKEN_ISSUER', 'TOKEN_CLIENT', 'RESULTS_TABLE', 'SETTINGS_TABLE'] as const

export const Manage = [
  'TOKEN_ISSUER',
  'TOKEN_CLIENT',
  'API_URL',
  'EVENTS_TABLE',
  'OUTCOMES_TABLE',
  'RESULTS_TABLE',
  'SETTINGS_TABLE',
  'SECRET_PREFIX',
  'RESTATEMENT_QUEUE_URL',
] as const

export const ErasePerson = [
  'TOKEN_ISSUER',
  'TOKEN_CLIENT',
  'EVENTS_TABLE',
  'OUTCOMES_TABLE',
  'SETTINGS_TABLE',
  'DATA_BUCKET',
] as const

export const CheckSetup = [
  'TOKEN_ISSUER',
  'TOKEN_CLIENT',
  'API_URL',
  'EVENTS_TABLE',
  'RESULTS_TABLE',
  'SETTINGS_TABLE',
  'SECRET_PREFIX',
  'CUSTOMERIO_API_US',
  'CUSTOMERIO_API_EU',
] as const

export const PlanCustomEvents = ['SETTINGS_TABLE', 'DATA_BUCKET', 'RANGES_QUEUE_URL', 'NOTICES_QUEUE_URL'] as const

export const LoadCustomEvents = [
  'EVENTS_TABLE',
  'SETTINGS_TABLE',
  'DATA_BUCKET',
  'RANGES_QUEUE_URL',
  'NOTICES_QUEUE_URL',
] as const

export const ReconcileFiles = ['SETTINGS_TABLE', 'DATA_BUCKET', 'RANGES_QUEUE_URL', 'NOTICES_QUEUE_URL'] as const

export const ServeImports = [
  'TOKEN_ISSUER',
  'TOKEN_CLIENT',
  'SETTINGS_TABLE',
  'DATA_BUCKET',
  'NOTICES_QUEUE_URL',
] as const

export const ExportDays = [
  'EVENTS_TABLE',
  'OUTCOMES_TABLE',
  'RESULTS_TABLE',
  'SETTINGS_TABLE',
  'DATA_BUCKET',
  'EXPORTS_QUEUE_URL',
] as const

export const ServeExports = ['TOKEN_ISSUER', 'TOKEN_CLIENT', 'SETTINGS_TABLE', 'DATA_BUCKET'] as const

export const WatchCustomerio = [
  'API_URL',
  'SETTINGS_TABLE',
  'SECRET_PREFIX',
  'CUSTOMERIO_API_US',
  'CUSTOMERIO_API_EU',
] as const

export const EvaluateAlerts = [
  'EVENTS_TABLE',
  'OUTCOMES_TABLE',
  'RESULTS_TABLE',
  'SETTINGS_TABLE',
  'DELIVERIES_QUEUE_URL',
] as const

export const DeliverAlerts = [
  'SETTINGS_TABLE',
  'DELIVERIES_QUEUE_URL',
  'DELIVERIES_FAILED_QUEUE_URL',
  'ALERT_SECRET_PREFIX',
  'ALERT_TEST_HOSTS',
  'ALERT_TEST_CA',
] as const

export const ServeAlerts = [
  'TOKEN_ISSUER',
  'TOKEN_CLIENT',
  'SETTINGS_TABLE',
  'DELIVERIES_QUEUE_URL',
  'ALERT_SECRET_PREFIX',
  'ALERT_TEST_HOSTS',
] as const

export const DescribeApi = [] as const

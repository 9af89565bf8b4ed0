// The alarms that every function has, looked at for as long as its own rhythm asks: what is called once a night fails once, and
// Lambda tells of a call under the minute in which it began, which for a call of a quarter of an hour is that long ago.
import { Duration } from 'aws-cdk-lib'
import type { FunctionName } from '../contract/function-name.ts'
import type { AlarmFacts } from './alarms.ts'
import type { AnyFunction } from './lambda-function.ts'

/**
 * Who calls a function. `everybody`: at any rate, and at thousands a second in a blast; `people`: in the console, now and then;
 * `schedule`: by a clock, and twice more when it fails; `queue`: by a message, which comes again when its visibility ends.
 */
type Caller = 'everybody' | 'people' | 'schedule' | 'queue'

/** Of those that have a schedule and a queue, the queue: its messages come again later. */
const callers: Readonly<Record<FunctionName, Caller>> = {
  GenerateCopy: 'everybody',
  ReceiveCioWebhook: 'everybody',
  ReceiveCustomEvents: 'everybody',
  MeasureOutcomes: 'everybody',
  RemeasureOutcomes: 'queue',
  RecountResults: 'schedule',
  UpdateAllocations: 'schedule',
  ReadResults: 'people',
  Manage: 'people',
  CheckSetup: 'people',
  ErasePerson: 'people',
  PlanCustomEvents: 'queue',
  LoadCustomEvents: 'queue',
  ReconcileFiles: 'schedule',
  ServeImports: 'people',
  ExportDays: 'queue',
  ServeExports: 'people',
  WatchCustomerio: 'schedule',
  EvaluateAlerts: 'schedule',
  DeliverAlerts: 'queue',
  ServeAlerts: 'people',
  DescribeApi: 'people',
}

const minute = Duration.minutes(1)
const hour = Duration.hours(1)
/**
 * Longer than a deployment or a passing fault; in an hour, because who is turned away tries again ever more seldom, and a quiet
 * org does not call in every minute.
 */
export const threeMinutesOfAnHour = { above: 3, of: 60 }
const once = { above: 1, of: 1 }

/** Three tries are a call that was given up, or three calls; a single error is tried again. */
const failures = 2
/** Of a function's own time. A restatement hands over after 80 % of it. */
const nearTimeoutPercent = 90
/** Functions that somebody waits for answer a second before their timeout, whatever happens: beyond that one hangs. */
const hangingMs = 400
/** Lambda calls again a minute after a scheduled call failed, and two after that. */
const betweenTriesSeconds = 180
/** As often as AWS advises: every queue of ours shows a message again after six timeouts. */
const visibilityTimes = 6

export function ofFunction(of: AnyFunction): AlarmFacts[] {
  const common = { about: of.name, silence: 'quiet' } as const
  return [
    {
      ...common,
      name: 'FunctionFailing',
      impact: `${of.name} ends without an answer: by an error that nobody caught, its timeout, or for want of memory.`,
      metric: of.resource.metricErrors({ period: threeTries(callers[of.name], of.timeoutSeconds) }),
      above: failures,
      periods: once,
    },
    {
      ...common,
      name: 'FunctionThrottled',
      impact: `${of.name} is called more often at once than the account lets it run; its callers wait or are turned away.`,
      metric: of.resource.metricThrottles({ period: minute }),
      above: 0,
      periods: threeMinutesOfAnHour,
    },
    { ...common, ...nearTimeout(of) },
  ]
}

/** Within this three tries of one call end, should each last until its timeout. */
function threeTries(caller: Caller, timeoutSeconds: number): Duration {
  switch (caller) {
    case 'everybody':
      return Duration.minutes(15)
    case 'people':
      return hour
    case 'schedule':
      return wholeHours(3 * timeoutSeconds + betweenTriesSeconds)
    case 'queue':
      return wholeHours((2 * visibilityTimes + 1) * timeoutSeconds)
  }
}

function wholeHours(seconds: number): Duration {
  return Duration.hours(Math.ceil(seconds / 3_600))
}

/** Of what is called all the time, some call is always slow: one in a hundred, for a while. Of the rest one is enough. */
function nearTimeout(of: AnyFunction): Pick<AlarmFacts, 'name' | 'impact' | 'metric' | 'above' | 'periods'> {
  const caller = callers[of.name]
  const timeoutMs = of.timeoutSeconds * 1_000
  const isOften = caller === 'everybody'
  return {
    name: 'NearTimeout',
    impact: `${of.name} is about to be ended by its timeout in the middle of its work.`,
    metric: of.resource.metricDuration(
      isOften ? { period: Duration.minutes(5), statistic: 'p99' } : { period: hour, statistic: 'Maximum' },
    ),
    above: caller === 'people' ? timeoutMs - hangingMs : (timeoutMs * nearTimeoutPercent) / 100,
    periods: isOften ? { above: 3, of: 12 } : once,
  }
}

// Schedules (EventBridge rules and Scheduler) -> functions and queues, at their times.
import { randomUUID } from 'node:crypto'
import { findText, type Json, listAt, recordAt, textAt, tryJson } from '../json.ts'
import { LocalProblem } from '../problem.ts'
import { ACCOUNT_ID, REGION } from '../template/intrinsics.ts'
import type { Resource, Stack } from '../template/stack.ts'
import { type Due, parseSchedule } from './schedule-expression.ts'

type Scheduled = {
  readonly atStart: boolean
  readonly due: Due
  readonly targetArn: string
  readonly input: () => Json
}
/** Whoever runs every so often also runs at the start: what a restart lost is healed now, and not a period later. */
const isRate = (expression: string): boolean => expression.startsWith('rate(')
/** `setTimeout` takes no more than this. */
const MAX_TIMER_MS = 2_147_483_647

const ruleEvent = (name: string): Json => ({
  version: '0',
  id: randomUUID(),
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: ACCOUNT_ID,
  time: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
  region: REGION,
  resources: [`arn:aws:events:${REGION}:${ACCOUNT_ID}:rule/${name}`],
  detail: {},
})

const fromRule = ({ id, name, properties }: Resource): Scheduled[] => {
  if (findText(properties, 'State') === 'DISABLED') return []
  const expression = findText(properties, 'ScheduleExpression')
  if (expression === undefined)
    throw new LocalProblem(`The rule ${id} has an event pattern; the local deployment knows schedules only.`)
  const due = parseSchedule(expression)
  return listAt(properties, 'Targets').map((target) => {
    const input = findText(target, 'Input')
    return {
      atStart: isRate(expression),
      due,
      targetArn: textAt(target, 'Arn'),
      input: () => (input === undefined ? ruleEvent(name) : (tryJson(input) ?? input)),
    }
  })
}

const fromSchedule = ({ properties }: Resource): Scheduled[] => {
  if (findText(properties, 'State') === 'DISABLED') return []
  const target = recordAt(properties, 'Target')
  const input = findText(target, 'Input')
  return [
    {
      atStart: isRate(textAt(properties, 'ScheduleExpression')),
      due: parseSchedule(textAt(properties, 'ScheduleExpression')),
      targetArn: textAt(target, 'Arn'),
      input: () => (input === undefined ? {} : (tryJson(input) ?? input)),
    },
  ]
}

/** Starts the stack's schedules; the returned function ends them. */
export const startSchedules = (stack: Stack, send: (targetArn: string, input: Json) => void): (() => void) => {
  const timers = new Set<NodeJS.Timeout>()
  const plan = (scheduled: Scheduled, afterMs: number): void => {
    const dueMs = scheduled.due(afterMs)
    if (dueMs === undefined) return
    const waitMs = Math.max(0, dueMs - Date.now())
    const timer = setTimeout(
      () => {
        timers.delete(timer)
        if (waitMs <= MAX_TIMER_MS) send(scheduled.targetArn, scheduled.input())
        plan(scheduled, waitMs <= MAX_TIMER_MS ? dueMs : afterMs)
      },
      Math.min(waitMs, MAX_TIMER_MS),
    )
    timers.add(timer)
  }
  const all = [
    ...stack.of('AWS::Events::Rule').flatMap(fromRule),
    ...stack.of('AWS::Scheduler::Schedule').flatMap(fromSchedule),
  ]
  for (const scheduled of all) {
    if (scheduled.atStart) send(scheduled.targetArn, scheduled.input())
    plan(scheduled, Date.now())
  }
  return () => {
    for (const timer of timers) clearTimeout(timer)
  }
}

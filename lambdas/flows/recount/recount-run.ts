// The recount of one org, in steps that are kept: a call that dies, or whose time is over, loses no more than the step under way.
// What is read goes to parts in the bucket first, then the run says that they hold; so a step that was not kept never counts, and
// of two calls at work on one org the slower one stops.
import type { OrgSlug } from '../../../contract/ids.ts'
import { maxRecountMs } from '../../../contract/limits.ts'
import type { Recounted, RecountRun } from '../../../contract/recounted.ts'
import { writeMarks } from '../../domain/measuring/recount-lines.ts'
import { type AccountStepDeps, accountStep } from './account-step.ts'
import { type CompareStepDeps, compareStep, erasuresPart } from './compare-step.ts'
import { counterStep, type FoldStepDeps, outcomeStep } from './fold-steps.ts'

export interface RecountRunDeps extends FoldStepDeps, CompareStepDeps, AccountStepDeps {
  readonly findRun: (org: OrgSlug) => Promise<RecountRun | undefined>
  readonly saveRun: (org: OrgSlug, run: RecountRun) => Promise<'saved' | 'overtaken'>
}

type Step = (deps: RecountRunDeps, org: OrgSlug, run: RecountRun, untilMs: number) => Promise<RecountRun>

/** In this order: what is compared has been read before, and outcomes after how often counters had been written. */
const steps: Readonly<Record<Exclude<RecountRun['stage'], 'over'>, Step>> = {
  counters: counterStep,
  outcomes: outcomeStep,
  comparison: compareStep,
  events: accountStep,
}

/**
 * Goes on with a run until it is over or the time is. Undefined: there is more to do.
 * @throws when another call is at work on the same org
 */
export async function continueRun(
  deps: RecountRunDeps,
  org: OrgSlug,
  begun: RecountRun,
  untilMs: number,
): Promise<Recounted | undefined> {
  let run = begun
  while (run.stage !== 'over') {
    if (run.revision > begun.revision && deps.now() >= untilMs) return undefined
    run = await keep(deps, org, await steps[run.stage](deps, org, run, untilMs))
  }
  return { countedAtMs: run.startedAtMs, drift: run.drift, busy: run.busy, days: run.days }
}

/** The run that is to be gone on with: not one that is told already, nor one whose parts may be gone. */
export async function findRunUnderWay(
  deps: Pick<RecountRunDeps, 'findRun' | 'now'>,
  org: OrgSlug,
  told: Recounted | undefined,
): Promise<RecountRun | undefined> {
  const run = await deps.findRun(org)
  if (run === undefined || run.startedAtMs <= (told?.countedAtMs ?? 0)) return undefined
  return deps.now() - run.startedAtMs < maxRecountMs ? run : undefined
}

/** Begins a run, in place of any other. */
export async function beginRun(deps: RecountRunDeps, org: OrgSlug): Promise<RecountRun> {
  const run: RecountRun = {
    id: deps.mark(),
    revision: 0,
    startedAtMs: deps.now(),
    stage: 'counters',
    bins: 1,
    parts: { counters: [], outcomes: [] },
    compared: 0,
    drift: 0,
    busy: 0,
    days: [],
  }
  await deps.putPart(org, run.id, erasuresPart, [writeMarks(await deps.listErasures(org))])
  await deps.saveRun(org, run)
  return run
}

async function keep(deps: RecountRunDeps, org: OrgSlug, next: RecountRun): Promise<RecountRun> {
  const run = { ...next, revision: next.revision + 1 }
  if ((await deps.saveRun(org, run)) === 'saved') return run
  throw new Error('another call recounts this org')
}

// The route that has a person forgotten. First a mark by hash, which keeps what comes late from being measured; then step by
// step everything that holds the person, as far as the time of one call goes. Asked again, it goes on where it ended.
import type { Erasure } from '../../../contract/erasure.ts'
import type { ErasedAnswer } from '../../../contract/event-answers.ts'
import type { PersonKey } from '../../../contract/ids.ts'
import { eraseRunMs } from '../../../contract/limits.ts'
import { Fault } from '../../domain/api/fault.ts'
import { readPersonKey } from '../../domain/events/name-person.ts'
import type { Action, Call } from '../manage/call.ts'
import { type EraseDeps, ErasedElsewhere, type Step, type Stepped } from './erase-deps.ts'
import { awaitLoading, eraseReports, eraseWork, listKept } from './erase-files.ts'
import { eraseOthers, eraseOwn } from './erase-outcomes.ts'
import { eraseSetAside } from './erase-set-aside.ts'

const steps: Readonly<Record<Exclude<Erasure['stage'], 'done'>, (deps: EraseDeps, step: Step) => Promise<Stepped>>> = {
  own: eraseOwn,
  others: eraseOthers,
  aside: eraseSetAside,
  loading: awaitLoading,
  reports: eraseReports,
  work: eraseWork,
}

export function erasePerson(deps: EraseDeps): Action {
  return async (call) => {
    const person = readPersonKey(call.path.person ?? '')
    if (person === undefined) throw new Fault('person.malformed')
    const { next } = call.query
    if (next !== undefined && !/^[\w-]{1,40}$/.test(next)) {
      throw new Fault('query.invalid', [{ path: 'next', message: 'Allowed: what the answer before named as `next`.' }])
    }
    const { erasure, waitsFor } = await run(deps, call, person)
    const kept = await listKept(deps, call.org, erasure.erased.files > 0)
    const isDone = erasure.stage === 'done'
    if (isDone) await conclude(deps, call, person, erasure, kept.count)
    const body: ErasedAnswer = {
      id: erasure.erasureId,
      status: isDone ? 'complete' : 'partial',
      erased: erasure.erased,
      waits_for: waitsFor ?? '',
      kept_files: kept,
      next: isDone ? null : erasure.erasureId,
    }
    return { body }
  }
}

async function run(deps: EraseDeps, { org }: Call, person: PersonKey): Promise<Stepped> {
  const untilMs = deps.now() + eraseRunMs
  await deps.markErased(org, person)
  const save = async (changed: Erasure): Promise<Erasure> => {
    const after = { ...changed, revision: changed.revision + 1 }
    if ((await deps.erasures.save(org, person, after)) === 'changed') throw new ErasedElsewhere()
    return after
  }
  let erasure = (await deps.erasures.find(org, person)) ?? begun(deps, person)
  try {
    do {
      if (erasure.stage === 'done') return { erasure }
      const stepped = await steps[erasure.stage](deps, { org, erasure, untilMs, save })
      erasure = await save(stepped.erasure)
      if (stepped.waitsFor !== undefined) return { erasure, waitsFor: stepped.waitsFor }
    } while (deps.now() < untilMs)
    return { erasure }
  } catch (error) {
    if (!(error instanceof ErasedElsewhere)) throw error
    return { erasure, waitsFor: 'Another call is erasing the same person.' }
  }
}

function begun({ newId, now }: EraseDeps, person: PersonKey): Erasure {
  const erased = { outcomes: 0, events: 0, set_aside: 0, rejected_rows: 0, files: 0 }
  return {
    erasureId: newId(),
    startedAtMs: now(),
    stage: 'own',
    names: [person],
    left: [],
    erased,
    revision: -1,
  }
}

/** One entry for the whole, under a random name: a digest of the person could be found again by guessing. */
async function conclude(deps: EraseDeps, call: Call, person: PersonKey, erasure: Erasure, keptFiles: number) {
  await deps.addAudit(call.org, {
    atMs: deps.now(),
    who: call.who,
    action: call.action,
    what: `erasure:${erasure.erasureId}`,
    before: null,
    after: { ...erasure.erased, kept_files: keptFiles, began_at: new Date(erasure.startedAtMs).toISOString() },
  })
  await deps.erasures.remove(call.org, person)
}

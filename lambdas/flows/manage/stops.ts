// A guardrail's stop, lifted by somebody who says why.
import type { Lifted, StoredAllocation } from '../../../contract/allocation.ts'
import type { AuditEntry } from '../../../contract/audit.ts'
import type { OrgSlug } from '../../../contract/ids.ts'
import { liftRequestSchema } from '../../../contract/template-answers.ts'
import { liftStop } from '../../domain/allocation/lift-stop.ts'
import { Fault } from '../../domain/api/fault.ts'
import { showLifted } from '../../domain/results/show-comparison.ts'
import { type Action, readBody } from './call.ts'
import { getWhole, type TemplatesDeps } from './templates.ts'

export interface StopsDeps extends TemplatesDeps {
  /** Puts the weights in force, and the entry with them. `changed`: another version stands; nothing was written. */
  readonly changeAllocation: (org: OrgSlug, next: StoredAllocation, audit: AuditEntry) => Promise<'stored' | 'changed'>
}

export function liftCopyStop(deps: StopsDeps): Action {
  return async (call) => {
    const { reason } = readBody(liftRequestSchema, call)
    const { template, allocation } = await getWhole(deps, call)
    const stop = allocation?.stopped.find(({ copyId }) => copyId === call.path.copy)
    if (allocation === undefined || stop === undefined) throw new Fault('copy.not_stopped')
    const { copyId, guardrail } = stop
    const lift: Lifted = { copyId, guardrail, liftedAtMs: deps.now(), who: call.who, reason }
    const next = liftStop(allocation, lift)
    const written = await deps.changeAllocation(call.org, next, {
      atMs: lift.liftedAtMs,
      who: call.who,
      action: call.action,
      what: `template:${template.templateId}`,
      before: { stopped: allocation.stopped.map((one) => one.copyId) },
      after: { stopped: next.stopped.map((one) => one.copyId), copy_id: copyId, guardrail, reason },
    })
    if (written === 'changed') throw new Fault('settings.changed')
    return { body: { lifted: showLifted(lift), version: next.version } }
  }
}

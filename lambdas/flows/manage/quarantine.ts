// Bodies set aside: listed with every reason, and read again after what kept them out was mended.
import type { AuditEntry } from '../../../contract/audit.ts'
import type { OrgSlug } from '../../../contract/ids.ts'
import { pageSize } from '../../../contract/limits.ts'
import { Fault } from '../../domain/api/fault.ts'
import { isQuarantineId, isQuarantineMark } from '../../domain/events/quarantine-mark.ts'
import { type KeepDeps, keepEvent } from '../keep-event.ts'
import type { Action } from './call.ts'

interface SetAside {
  readonly digest: string
  readonly reasons: readonly { readonly code: string; readonly message: string }[]
  readonly receivedAtMs: number
  readonly bodyBytes: number
}

export interface QuarantineDeps {
  readonly events: KeepDeps['events']
  readonly quarantine: KeepDeps['quarantine'] & {
    find(org: OrgSlug, digest: string): Promise<(SetAside & { readonly bytes: Uint8Array }) | undefined>
    list(org: OrgSlug, limit: number, next?: string): Promise<{ readonly bodies: readonly SetAside[]; next?: string }>
    remove(org: OrgSlug, digest: string): Promise<void>
  }
  readonly addAudit: (org: OrgSlug, entry: AuditEntry) => Promise<void>
  readonly now: () => number
}

export function listQuarantine({ quarantine }: QuarantineDeps): Action {
  return async ({ org, query }) => {
    if (query.next !== undefined && !isQuarantineMark(query.next)) {
      throw new Fault('query.invalid', [{ path: 'next', message: 'Allowed: what the page before answered as `next`.' }])
    }
    const { bodies, next } = await quarantine.list(org, pageSize, query.next)
    const shown = bodies.map(({ digest, reasons, receivedAtMs, bodyBytes }) => {
      return { id: digest, reasons, received_at: new Date(receivedAtMs).toISOString(), body_bytes: bodyBytes }
    })
    return { body: { bodies: shown, next: next ?? null } }
  }
}

/** A body that is accepted now, or was before, leaves the quarantine; a crash between leaves it to be replayed again. */
export function replayBody(deps: QuarantineDeps): Action {
  return async ({ org, who, action, path, signal }) => {
    const found = isQuarantineId(path.id) ? await deps.quarantine.find(org, path.id) : undefined
    if (found === undefined) throw new Fault('quarantine.unknown')
    const { answer, codes } = await keepEvent(deps, org, found.bytes, signal)
    const settled = answer.status === 'accepted' || answer.status === 'duplicate'
    if (settled) await deps.quarantine.remove(org, found.digest)
    await deps.addAudit(org, {
      atMs: deps.now(),
      who,
      action,
      what: `quarantine:${found.digest}`,
      before: { codes: codesOf(found.reasons) },
      after: { status: answer.status, codes },
    })
    return { body: answer }
  }
}

function codesOf(reasons: SetAside['reasons']): string[] {
  return [...new Set(reasons.map(({ code }) => code))]
}

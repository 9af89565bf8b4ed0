// The flows of files on real tables, with the bucket and the queues in memory: messages come in any order and twice, and whoever
// works may be killed at any call.
import type { OrgSlug } from '../../contract/ids.ts'
import { type FileReport, fileReportSchema } from '../../contract/import.ts'
import type { Org } from '../../contract/org.ts'
import { reportKey } from '../../lambdas/domain/files/name-file.ts'
import { type Notice, readNotice } from '../../lambdas/domain/files/read-notice.ts'
import type { RangeMessage } from '../../lambdas/flows/file-deps.ts'
import { finishImport } from '../../lambdas/flows/finish-import.ts'
import { type LoadDeps, loadRange } from '../../lambdas/flows/load-range.ts'
import { type PlanDeps, planFile } from '../../lambdas/flows/plan-file.ts'
import { type ReconcileDeps, reconcileFiles } from '../../lambdas/flows/reconcile-files.ts'
import { makeFileEventStore } from '../../lambdas/store/file-events.ts'
import { makeImportStore } from '../../lambdas/store/imports.ts'
import { makeOpenImportStore } from '../../lambdas/store/open-imports.ts'
import type { TestDatabase } from './dynamodb-local.ts'
import { makeMemoryFiles } from './memory-files.ts'

export interface Loading {
  readonly files: ReturnType<typeof makeMemoryFiles>
  readonly ledger: ReturnType<typeof makeImportStore>
  readonly deps: ReconcileDeps & LoadDeps & PlanDeps
  readonly notices: Notice[]
  readonly ranges: RangeMessage[]
  /** The orgs that the reconciler failed for. */
  readonly failures: string[]
  /** Ms that have passed; the reconciler waits for some. */
  clockMs: number
  /** Called before every call of something outside; throws to kill whoever makes it. */
  interrupt: (call: string) => void
  /** Tells of an object as S3 does. */
  announce(key: string): void
  /** Works off the queues until they are empty, or some messages; `pick` chooses among those that wait. */
  settle(pick?: (waiting: number) => number, atMost?: number): Promise<void>
  reconcile(): ReturnType<typeof reconcileFiles>
  report(key: string): FileReport
}

export class Killed extends Error {}

const usual: Omit<Org, 'org'> = { name: 'x', personIdentifier: 'id', currency: 'USD', webhookSignature: 'none' }

/** `orgs`: those that exist. */
export function makeLoading(database: TestDatabase, orgs: readonly OrgSlug[], settings: Partial<Org> = {}): Loading {
  const files = makeMemoryFiles()
  const ledger = makeImportStore(database.client, database.tables.settings)
  const notices: Notice[] = []
  const ranges: RangeMessage[] = []
  const failures: string[] = []
  const known = new Map(orgs.map((org) => [org, { ...usual, org, ...settings }]))
  const guard = <T extends object>(name: string, object: T): T =>
    new Proxy(object, {
      get: (target, member) => {
        const value = Reflect.get(target, member)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => {
          loading.interrupt(`${name}.${String(member)}`)
          return Reflect.apply(value, target, args)
        }
      },
    })
  const send =
    <M>(name: string, queue: M[]) =>
    async (_group: string, messages: readonly M[]) => {
      for (const message of messages) {
        loading.interrupt(name)
        queue.push(message)
      }
    }
  const startMs = 1_795_000_100_000
  const loading: Loading = {
    files,
    ledger,
    notices,
    ranges,
    failures,
    clockMs: 0,
    interrupt: () => undefined,
    deps: {
      ledger: guard('ledger', ledger),
      files: guard('files', files),
      events: guard('events', makeFileEventStore(database.client, database.tables.events)),
      findOrg: async (org) => known.get(org),
      sendRanges: send('sendRanges', ranges),
      sendNotices: send('sendNotices', notices),
      open: guard('open', openOf(database, orgs)),
      isQuiet: async () => ranges.length === 0,
      tellFailure: (org) => failures.push(org),
      now: () => startMs + loading.clockMs,
    },
    announce(key) {
      const encoded = encodeURIComponent(key).replaceAll('%20', '+')
      const record = { eventName: 'ObjectCreated:Put', s3: { object: { key: encoded } } }
      notices.push(...readNotice(JSON.stringify({ Records: [record] })))
    },
    async settle(pick = () => 0, atMost = Number.POSITIVE_INFINITY) {
      for (let done = 0; done < atMost && notices.length + ranges.length > 0; done++) {
        const at = pick(notices.length + ranges.length)
        const [notice] = notices.slice(at, at + 1)
        const [range] = ranges.slice(at - notices.length, at - notices.length + 1)
        try {
          if (notice !== undefined) await workOff(loading.deps, notice)
          else if (range !== undefined) await loadRange(loading.deps, range)
        } catch (error) {
          // A message whose worker was killed stays in its queue.
          if (!(error instanceof Killed)) throw error
          continue
        }
        if (notice !== undefined) notices.splice(notices.indexOf(notice), 1)
        else if (range !== undefined) ranges.splice(ranges.indexOf(range), 1)
      }
    },
    reconcile: () => reconcileFiles(loading.deps),
    report: (key) => fileReportSchema.parse(JSON.parse(files.text(reportKey(key)) ?? 'null')),
  }
  return loading
}

/** The list without what other tests left in it. */
function openOf(database: TestDatabase, orgs: readonly OrgSlug[]) {
  const store = makeOpenImportStore(database.client, database.tables.settings)
  return {
    ...store,
    async *listOpen() {
      for await (const page of store.listOpen()) yield page.filter(({ org }) => orgs.includes(org))
    },
  }
}

async function workOff(deps: PlanDeps, notice: Notice): Promise<void> {
  if (notice.kind === 'plan') await planFile(deps, notice.key, notice.importId)
  else await finishImport(deps, notice.org, notice.importId, notice)
}

// The secrets that an org's alerts are signed with, one for each destination: how old each is, and a successor for those that are
// due. Whose one before still signs along has no other meanwhile, so that a server that does not know it yet can verify.
import type { Destination } from '../../contract/alert.ts'
import { newDestinationAnswerSchema } from '../../contract/alert-answers.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import { previousUntil } from '../../lambdas/domain/alerts/sign-delivery.ts'
import { type ReplaceSecretDeps, replaceSecret } from '../../lambdas/flows/alerts/actions.ts'

export interface RotateAlertsOptions {
  /** For the audit log. */
  readonly who: string
  /** Those that are at least so old are due; undefined: none is. */
  readonly dueMs: number | undefined
  readonly isDryRun: boolean
  readonly say: (line: string) => void
}

const dayMs = 86_400_000

/** Of every destination one line, and each new secret once. @throws Fault `settings.changed` when somebody else replaces one at once */
export async function rotateAlertSecrets(
  deps: ReplaceSecretDeps,
  org: OrgSlug,
  { who, dueMs, isDryRun, say }: RotateAlertsOptions,
): Promise<void> {
  const { destinations } = await deps.readAlerts(org)
  if (destinations.length === 0) say('secrets of alerts: none')
  const replace = replaceSecret(deps)
  const { signal } = new AbortController()
  for (const one of destinations) {
    const nowMs = deps.now()
    const ageMs = nowMs - (one.rotatedAtMs ?? one.createdAtMs)
    const isDue = dueMs !== undefined && ageMs >= dueMs && previousUntil(one, nowMs) === undefined
    say(
      `secret of alerts ${nameOf(one)}: …${one.lastFour}, ${Math.floor(ageMs / dayMs)} days old${then(one, nowMs, isDue)}`,
    )
    if (!isDue || isDryRun) continue
    const { body } = await replace({
      org,
      who,
      action: 'rotate',
      path: { id: one.id },
      query: {},
      body: undefined,
      signal,
    })
    say(`  its successor, shown only now:\n  ${newDestinationAnswerSchema.parse(body).secret}`)
  }
}

/** Of the address the host alone: a path may be a secret of its own. */
function nameOf({ id, url }: Destination): string {
  return `${id} (to ${new URL(url).host})`
}

function then(one: Destination, nowMs: number, isDue: boolean): string {
  const untilMs = previousUntil(one, nowMs)
  if (untilMs !== undefined) return `, the one before signs along until ${new Date(untilMs).toISOString()}`
  return isDue ? ', gets a successor' : ''
}

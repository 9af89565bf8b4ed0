// Customer.io's reporting webhook: checks who sent it and keeps what was sent. What an event means is decided elsewhere, when
// outcomes are computed.
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import * as environments from '../../contract/environments.ts'
import { makeOrgSecrets } from '../clients/org-secrets.ts'
import { type AdmitDeps, admitWebhook } from '../flows/admit-webhook.ts'
import { type KeepDeps, keepEvent } from '../flows/keep-event.ts'
import { bodyBytes } from '../runtime/body.ts'
import { callerTimeouts, makeDynamoForCallers } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { type Log, makeLog } from '../runtime/log.ts'
import { makeNoteSignature, type NoteSignature } from '../runtime/note-signature.ts'
import { makeNoteSource, type NoteSource } from '../runtime/note-source.ts'
import { makeOrgLookup } from '../runtime/org-lookup.ts'
import { makeTellMetrics } from '../runtime/tell-metrics.ts'
import { type WebhookWork, webhookHandler } from '../runtime/webhook-answer.ts'
import { makeEventStore } from '../store/events.ts'
import { makeQuarantine } from '../store/quarantine.ts'
import { makeSettingsStore } from '../store/settings.ts'
import { makeSightingNotes, makeSourceNotes } from '../store/sightings.ts'

// ---- called by AWS ----
const log = makeLog('ReceiveCioWebhook')
const tellMetrics = makeTellMetrics()

export const handler = webhookHandler(log, () => makeReceiveCioWebhook(makeDeps()))

// ---- once per cold start ----
export interface ReceiveCioWebhookDeps extends AdmitDeps, KeepDeps {
  readonly noteSignature: NoteSignature
  readonly noteSource: NoteSource
  readonly log: Log
}

function makeDeps(): ReceiveCioWebhookDeps {
  const env = readEnvironment(environments.ReceiveCioWebhook)
  const dynamo = makeDynamoForCallers()
  const noting = { now: Date.now, log }
  return {
    findOrg: makeOrgLookup(makeSettingsStore(dynamo, env.SETTINGS_TABLE).findOrg, Date.now),
    secrets: makeOrgSecrets(new SecretsManagerClient(callerTimeouts), env.SECRET_PREFIX, Date.now, (org) =>
      tellMetrics({ SecretFailures: 1 }, org),
    ),
    events: makeEventStore(dynamo, env.EVENTS_TABLE),
    quarantine: makeQuarantine(dynamo, env.EVENTS_TABLE),
    noteSignature: makeNoteSignature({ ...noting, write: makeSightingNotes(dynamo, env.EVENTS_TABLE) }, tellMetrics),
    noteSource: makeNoteSource({ ...noting, write: makeSourceNotes(dynamo, env.EVENTS_TABLE) }),
    now: Date.now,
    log,
  }
}

// ---- once per request ----
export function makeReceiveCioWebhook(deps: ReceiveCioWebhookDeps): WebhookWork {
  return async (event, signal) => {
    const { requestId } = event.requestContext
    const bytes = bodyBytes(event)
    const admission = await admitWebhook(deps, event.pathParameters?.org, {
      timestamp: event.headers['x-cio-timestamp'],
      signature: event.headers['x-cio-signature'],
      body: bytes,
    })
    if (!admission.admitted) {
      deps.log('warn', 'webhook refused', { requestId, why: admission.why, bodyBytes: bytes.byteLength })
      if (admission.org !== undefined) await deps.noteSignature(admission.org, admission.why, signal)
      return 'refused'
    }
    const [{ answer, codes, source }] = await Promise.all([
      keepEvent(deps, admission.org, bytes, signal),
      admission.signed ? deps.noteSignature(admission.org, 'signature.valid', signal) : undefined,
    ])
    if (source !== undefined) await deps.noteSource(admission.org, source, signal)
    if (answer.status !== 'accepted') {
      const facts = { org: admission.org, status: answer.status, codes: codes.join(' '), bodyBytes: bytes.byteLength }
      deps.log('warn', 'webhook not accepted', { requestId, ...facts })
    }
    return answer
  }
}

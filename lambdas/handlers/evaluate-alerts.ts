// Looks at the state of every org, sends what is news, and tells of orgs that Customer.io cannot reach. Called by a schedule;
// calling it again, or twice at once, sends nothing twice.
import { SQSClient } from '@aws-sdk/client-sqs'
import type { DeliveryMessage } from '../../contract/alert.ts'
import { EvaluateAlerts } from '../../contract/environments.ts'
import { makeWorkQueue } from '../clients/work-queue.ts'
import { type Evaluated, type EvaluateOrgsDeps, evaluateOrgs } from '../flows/alerts/evaluate-orgs.ts'
import { makeDynamoForQueues, queueTimeouts } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { describeError, type Log, makeLog } from '../runtime/log.ts'
import { makeTellMetrics, type TellMetrics } from '../runtime/tell-metrics.ts'
import { makeAlertReads } from '../store/alert-reads.ts'
import { makeAlertStore } from '../store/alerts.ts'
import { listOrgs } from '../store/org-list.ts'
import { listSightings } from '../store/sightings.ts'

// ---- called by AWS ----
export const handler = (): Promise<Evaluated> => {
  perRequest ??= coldStart()
  return perRequest()
}

// ---- once per cold start ----
let perRequest: ReturnType<typeof makeEvaluateAlerts> | undefined

function coldStart(): ReturnType<typeof makeEvaluateAlerts> {
  const env = readEnvironment(EvaluateAlerts)
  const client = makeDynamoForQueues()
  const { OUTCOMES_TABLE: outcomes, RESULTS_TABLE: results, SETTINGS_TABLE: settings } = env
  return makeEvaluateAlerts({
    listOrgs: () => listOrgs(client, settings),
    ...makeAlertStore(client, settings),
    ...makeAlertReads(client, { outcomes, results, settings }, Date.now),
    send: makeWorkQueue<DeliveryMessage>(new SQSClient(queueTimeouts), env.DELIVERIES_QUEUE_URL).send,
    listSightings: (org) => listSightings(client, env.EVENTS_TABLE, org),
    now: Date.now,
    log: makeLog('EvaluateAlerts'),
    tellMetrics: makeTellMetrics(),
  })
}

// ---- once per call ----
export interface EvaluateAlertsDeps extends Omit<EvaluateOrgsDeps, 'onRefused' | 'onFailed'> {
  readonly log: Log
  readonly tellMetrics: TellMetrics
}

export function makeEvaluateAlerts({ log, tellMetrics, ...deps }: EvaluateAlertsDeps) {
  return async (): Promise<Evaluated> => {
    const evaluated = await evaluateOrgs({
      ...deps,
      onRefused: (org) => log('error', 'signatures refused for hours', { org }),
      onFailed: (org, cause) => log('error', 'alerts failed', { org, ...describeError(cause) }),
    })
    tellMetrics({ OrgsUnjudged: evaluated.failed, OrgsRefused: evaluated.refused })
    log('info', 'alerts evaluated', { ...evaluated })
    return evaluated
  }
}

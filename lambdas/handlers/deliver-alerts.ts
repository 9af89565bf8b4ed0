// Sends alerts to the addresses that orgs chose, one try a message; what fails is put off and tried again.
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SQSClient } from '@aws-sdk/client-sqs'
import { type DeliveryMessage, deliveryMessageSchema } from '../../contract/alert.ts'
import { DeliverAlerts } from '../../contract/environments.ts'
import { orgSlugSchema } from '../../contract/ids.ts'
import { makeAlertSecrets } from '../clients/alert-secrets.ts'
import { makeDelayedQueue } from '../clients/delayed-queue.ts'
import { makeGuardedPost, resolveByDns } from '../clients/guarded-post.ts'
import { readTestHosts } from '../domain/alerts/test-hosts.ts'
import { type DeliverAlertDeps, deliverAlert } from '../flows/alerts/deliver-alert.ts'
import { makeDynamoForQueues, queueTimeouts } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { type Log, makeLog } from '../runtime/log.ts'
import { type QueueHandler, queueHandler } from '../runtime/queue-batch.ts'
import { makeAlertStore } from '../store/alerts.ts'

// ---- called by AWS ----
export const handler: QueueHandler = (event) => {
  perRequest ??= coldStart()
  return perRequest(event)
}

// ---- once per cold start ----
let perRequest: QueueHandler | undefined

function coldStart(): QueueHandler {
  const env = readEnvironment(DeliverAlerts)
  const addresses = readTestHosts(env.ALERT_TEST_HOSTS)
  const ca = env.ALERT_TEST_CA === 'none' ? undefined : env.ALERT_TEST_CA
  const sqs = new SQSClient(queueTimeouts)
  const later = makeDelayedQueue<DeliveryMessage>(sqs, env.DELIVERIES_QUEUE_URL)
  const failed = makeDelayedQueue<DeliveryMessage>(sqs, env.DELIVERIES_FAILED_QUEUE_URL)
  return makeDeliverAlerts({
    ...makeAlertStore(makeDynamoForQueues(), env.SETTINGS_TABLE),
    findSecret: makeAlertSecrets(new SecretsManagerClient(queueTimeouts), env.ALERT_SECRET_PREFIX).find,
    post: makeGuardedPost(resolveByDns, { addresses, ca }),
    isTestHost: (host) => addresses.has(host),
    sendLater: (message, waitMs) => later(message.org, message, waitMs),
    bury: (message) => failed(message.org, message, 0),
    now: Date.now,
    log: makeLog('DeliverAlerts'),
  })
}

// ---- once per request ----
export interface DeliverAlertsDeps extends DeliverAlertDeps {
  readonly log: Log
}

export function makeDeliverAlerts(deps: DeliverAlertsDeps): QueueHandler {
  return queueHandler(deps.log, async (body) => {
    const { org, id } = deliveryMessageSchema.parse(JSON.parse(body))
    const delivered = await deliverAlert(deps, orgSlugSchema.parse(org), id)
    deps.log('info', 'delivery', { org, id, delivered })
  })
}

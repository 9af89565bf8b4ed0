// The whole system of one stage: what there is, and what it is made of. What each function may do stands in its own file
// under `functions/`.
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { signedInPath } from '../contract/member.ts'
import { deadLettersIn, listAlarms } from './alarm-list.ts'
import { Alarms } from './alarms.ts'
import { AlertSecrets } from './alert-secrets.ts'
import { Alerting } from './alerting.ts'
import { Allocating } from './allocating.ts'
import { Asking } from './asking.ts'
import type { Stage } from './config.ts'
import { Console } from './console.ts'
import { Dashboard } from './dashboard.ts'
import { DataBucket } from './data-bucket.ts'
import { Exporting } from './exporting.ts'
import { FileLoading } from './file-loading.ts'
import { CheckSetup } from './functions/check-setup.ts'
import { DeliverAlerts } from './functions/deliver-alerts.ts'
import { DescribeApi } from './functions/describe-api.ts'
import { ErasePerson } from './functions/erase-person.ts'
import { EvaluateAlerts } from './functions/evaluate-alerts.ts'
import { ExportDays } from './functions/export-days.ts'
import { GenerateCopy } from './functions/generate-copy.ts'
import { LoadCustomEvents } from './functions/load-custom-events.ts'
import { Manage } from './functions/manage.ts'
import { MeasureOutcomes } from './functions/measure-outcomes.ts'
import { PlanCustomEvents } from './functions/plan-custom-events.ts'
import { ReadResults } from './functions/read-results.ts'
import { ReceiveCioWebhook } from './functions/receive-cio-webhook.ts'
import { ReceiveCustomEvents } from './functions/receive-custom-events.ts'
import { ReconcileFiles } from './functions/reconcile-files.ts'
import { RecountResults } from './functions/recount-results.ts'
import { RemeasureOutcomes } from './functions/remeasure-outcomes.ts'
import { ServeAlerts } from './functions/serve-alerts.ts'
import { ServeExports } from './functions/serve-exports.ts'
import { ServeImports } from './functions/serve-imports.ts'
import { UpdateAllocations } from './functions/update-allocations.ts'
import { WatchCustomerio } from './functions/watch-customerio.ts'
import { HttpApi } from './http-api.ts'
import { Measurement } from './measurement.ts'
import { OrgSecrets } from './org-secrets.ts'
import { Recounting } from './recounting.ts'
import { Restating } from './restating.ts'
import { Tables } from './tables.ts'
import { UserPool } from './user-pool.ts'

export interface JustAiStackProps extends StackProps {
  readonly stage: Stage
}

export class JustAiStack extends Stack {
  constructor(scope: Construct, id: string, { stage, ...props }: JustAiStackProps) {
    super(scope, id, {
      ...props,
      description: `JustAI for Customer.io, ${stage.name}`,
      terminationProtection: stage.deletionProtection,
    })
    const tables = new Tables(this, 'Tables', { stage })
    const secrets = new OrgSecrets(this, 'OrgSecrets', { stage })
    const bucket = new DataBucket(this, 'Data', { stage })
    const loading = new FileLoading(this, 'FileLoading', { bucket })
    const restating = new Restating(this, 'Restating')
    const exporting = new Exporting(this, 'Exporting')
    const alerting = new Alerting(this, 'Alerting')
    const alertSecrets = new AlertSecrets(this, 'AlertSecrets', { stage })
    const api = new HttpApi(this, 'HttpApi', { stage })
    const people = new UserPool(this, 'People', { stage })
    const { issuer, signInUrl } = people
    const site = new Console(this, 'Console', {
      stage,
      apiUrl: api.url,
      issuer,
      signInUrl,
      bucketUrl: bucket.url,
    })
    const consoleUrls = [site.url, ...stage.consoleUrls]
    const { clientId } = people.addConsole({
      signedInUrls: consoleUrls.map((url) => `${url}${signedInPath}`),
      signedOutUrls: consoleUrls.map((url) => `${url}/`),
    })
    site.upload({ issuer, clientId })
    const tokens = { TOKEN_ISSUER: issuer, TOKEN_CLIENT: clientId }

    const functions = {
      GenerateCopy: new GenerateCopy(this, { stage, tables }),
      ReceiveCioWebhook: new ReceiveCioWebhook(this, { stage, tables, secrets }),
      ReceiveCustomEvents: new ReceiveCustomEvents(this, { stage, tables }),
      MeasureOutcomes: new MeasureOutcomes(this, { stage, tables }),
      RemeasureOutcomes: new RemeasureOutcomes(this, { stage, tables, restating }),
      RecountResults: new RecountResults(this, { stage, tables, bucket }),
      UpdateAllocations: new UpdateAllocations(this, { stage, tables }),
      ReadResults: new ReadResults(this, { stage, tables, tokens }),
      Manage: new Manage(this, { stage, tables, secrets, tokens, api, restating }),
      ErasePerson: new ErasePerson(this, { stage, tables, bucket, tokens }),
      CheckSetup: new CheckSetup(this, { stage, tables, secrets, tokens, api }),
      PlanCustomEvents: new PlanCustomEvents(this, { stage, tables, bucket, loading }),
      LoadCustomEvents: new LoadCustomEvents(this, { stage, tables, bucket, loading }),
      ReconcileFiles: new ReconcileFiles(this, { stage, tables, bucket, loading }),
      ServeImports: new ServeImports(this, { stage, tables, bucket, loading, tokens }),
      ExportDays: new ExportDays(this, { stage, tables, bucket, exporting }),
      ServeExports: new ServeExports(this, { stage, tables, bucket, tokens }),
      WatchCustomerio: new WatchCustomerio(this, { stage, tables, secrets, api }),
      EvaluateAlerts: new EvaluateAlerts(this, { stage, tables, alerting }),
      DeliverAlerts: new DeliverAlerts(this, { stage, tables, alerting, alertSecrets }),
      ServeAlerts: new ServeAlerts(this, { stage, tables, tokens, alerting, alertSecrets }),
      DescribeApi: new DescribeApi(this, { stage }),
    }
    const measurement = new Measurement(this, 'Measurement', { tables, measure: functions.MeasureOutcomes })
    new Allocating(this, 'Allocating', functions.UpdateAllocations)
    new Recounting(this, 'Recounting', functions.RecountResults)
    new Asking(this, 'Asking', functions.WatchCustomerio)
    loading.run(functions)
    alerting.run(functions)
    api.serve(functions)
    const { events, outcomes, results, settings } = tables
    const deadLetters = { ...deadLettersIn(this), Stream: measurement.failures }
    const watched = {
      stage: stage.name,
      functions,
      deadLetters,
      tables: { Events: events, Outcomes: outcomes, Results: results, Settings: settings },
    }
    const alarms = new Alarms(this, 'Alarms', { list: listAlarms(watched) })
    new Dashboard(this, 'Watching', { ...watched, alarms: alarms.all })

    const outputs = {
      Stage: stage.name,
      AlarmTopicArn: alarms.topic.topicArn,
      ApiUrl: api.url,
      ConsoleUrl: site.url,
      DataBucketName: bucket.resource.bucketName,
      EventsTableName: tables.names.EVENTS_TABLE,
      OutcomesTableName: tables.names.OUTCOMES_TABLE,
      ResultsTableName: tables.names.RESULTS_TABLE,
      SettingsTableName: tables.names.SETTINGS_TABLE,
      OrgSecretPrefix: secrets.prefix,
      AlertSecretPrefix: alertSecrets.prefix,
      DeadLetters: deadLettersOf(this),
      FileNoticesQueueUrl: loading.notices.queueUrl,
      FailureQueueUrl: measurement.failures.queueUrl,
      RestatementQueueUrl: restating.queue.queueUrl,
      UserPoolId: people.id,
      TokenIssuer: issuer,
      TokenClientId: clientId,
      SignInUrl: signInUrl,
    }
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value })
  }
}

/** Every queue with dead letters, as `<dead letters>><queue>`: a queue that is added is redriven with the others. */
function deadLettersOf(stack: Stack): string {
  const queues = stack.node.findAll().filter((each) => each instanceof Queue)
  return queues
    .flatMap(({ queueUrl, deadLetterQueue }) =>
      deadLetterQueue ? [`${deadLetterQueue.queue.queueUrl}>${queueUrl}`] : [],
    )
    .join(' ')
}

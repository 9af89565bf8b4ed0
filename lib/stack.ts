// The whole system of one stage, readable in one file: what there is, and who may do what.
import { CfnOutput, CfnParameter, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { answerBudgetMs, setupBudgetMs } from '../contract/limits.ts'
import { signedInPath } from '../contract/member.ts'
import { Allocating, allocateTimeoutSeconds } from './allocating.ts'
import { customerioApi, type Stage } from './config.ts'
import { Console } from './console.ts'
import { DataBucket } from './data-bucket.ts'
import { FileLoading, loadTimeoutSeconds, planTimeoutSeconds, reconcileTimeoutSeconds } from './file-loading.ts'
import { HttpApi } from './http-api.ts'
import { LambdaFunction } from './lambda-function.ts'
import { Measurement } from './measurement.ts'
import { OrgSecrets } from './org-secrets.ts'
import { Restating, remeasureTimeoutSeconds } from './restating.ts'
import { Tables } from './tables.ts'
import { UserPool } from './user-pool.ts'

export interface JustAiStackProps extends StackProps {
  readonly stage: Stage
}

/** A second beyond the time in which handlers answer: reached only when one hangs, and no later than Customer.io hangs up. */
const callerTimeoutSeconds = answerBudgetMs / 1_000 + 1
/** The same for the routes that wait for Customer.io; API Gateway gives up after 30 s. */
const setupTimeoutSeconds = setupBudgetMs / 1_000 + 1
/** A batch of 100 needs a second or two; the rest is for lost races and a slow table. */
const measureTimeoutSeconds = 60

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
    const fileLoading = new FileLoading(this, 'FileLoading', { bucket })
    const api = new HttpApi(this, 'HttpApi', { stage })
    const people = new UserPool(this, 'People', { stage })
    const { issuer, signInUrl } = people
    const site = new Console(this, 'Console', { stage, apiUrl: api.url, issuer, signInUrl })
    const consoleUrls = [site.url, ...stage.consoleUrls]
    const { clientId } = people.addConsole({
      signedInUrls: consoleUrls.map((url) => `${url}${signedInPath}`),
      signedOutUrls: consoleUrls.map((url) => `${url}/`),
    })
    site.upload({ issuer, clientId })
    const tokens = { TOKEN_ISSUER: issuer, TOKEN_CLIENT: clientId }
    const names = {
      EVENTS_TABLE: tables.events.tableName,
      OUTCOMES_TABLE: tables.outcomes.tableName,
      RESULTS_TABLE: tables.results.tableName,
      SETTINGS_TABLE: tables.settings.tableName,
    }

    const generateCopy = new LambdaFunction(this, 'GenerateCopy', {
      stage,
      timeoutSeconds: callerTimeoutSeconds,
      description: 'Answers generate calls with copy and stores each serve once',
      environment: { EVENTS_TABLE: names.EVENTS_TABLE, SETTINGS_TABLE: names.SETTINGS_TABLE },
    })
    tables.grant(generateCopy, 'settings', ['GetItem', 'Query', 'UpdateItem'])
    // GetItem: the serve that a retry asks for again, when the settings would no longer give it.
    tables.grant(generateCopy, 'events', ['GetItem', 'PutItem'])

    const receiveCioWebhook = new LambdaFunction(this, 'ReceiveCioWebhook', {
      stage,
      timeoutSeconds: callerTimeoutSeconds,
      description: "Stores Customer.io's reporting events once each",
      environment: {
        EVENTS_TABLE: names.EVENTS_TABLE,
        SETTINGS_TABLE: names.SETTINGS_TABLE,
        SECRET_PREFIX: secrets.prefix,
      },
    })
    tables.grant(receiveCioWebhook, 'settings', ['GetItem'])
    // Query: which parts of a large body set aside are there already.
    tables.grant(receiveCioWebhook, 'events', ['PutItem', 'Query'])
    secrets.grantRead(receiveCioWebhook)

    const receiveCustomEvents = new LambdaFunction(this, 'ReceiveCustomEvents', {
      stage,
      timeoutSeconds: callerTimeoutSeconds,
      description: "Stores customers' own events once each",
      environment: { EVENTS_TABLE: names.EVENTS_TABLE, SETTINGS_TABLE: names.SETTINGS_TABLE },
    })
    tables.grant(receiveCustomEvents, 'settings', ['GetItem'])
    tables.grant(receiveCustomEvents, 'events', ['BatchGetItem', 'BatchWriteItem', 'PutItem'])

    const measureOutcomes = new LambdaFunction(this, 'MeasureOutcomes', {
      stage,
      timeoutSeconds: measureTimeoutSeconds,
      description: 'Brings outcomes and results up to date with the events that arrived',
      environment: names,
    })
    tables.grant(measureOutcomes, 'events', ['Query', 'BatchWriteItem'])
    tables.grant(measureOutcomes, 'settings', ['GetItem', 'BatchGetItem'])
    tables.grant(measureOutcomes, 'outcomes', ['BatchGetItem', 'Query', 'PutItem', 'DeleteItem'])
    tables.grant(measureOutcomes, 'results', ['UpdateItem'])
    const measurement = new Measurement(this, 'Measurement', { tables, measure: measureOutcomes })

    const restating = new Restating(this, 'Restating')
    const remeasureOutcomes = new LambdaFunction(this, 'RemeasureOutcomes', {
      stage,
      timeoutSeconds: remeasureTimeoutSeconds,
      description: 'Counts anew what a changed setting counts otherwise',
      environment: { ...names, RESTATEMENT_QUEUE_URL: restating.queue.queueUrl },
    })
    restating.run(remeasureOutcomes)
    tables.grant(remeasureOutcomes, 'events', ['Query', 'BatchWriteItem'])
    tables.grant(remeasureOutcomes, 'settings', ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem'])
    tables.grant(remeasureOutcomes, 'outcomes', ['BatchGetItem', 'Query', 'PutItem', 'DeleteItem'])
    tables.grant(remeasureOutcomes, 'results', ['Query', 'UpdateItem'])
    tables.grantIndex(remeasureOutcomes)

    const updateAllocations = new LambdaFunction(this, 'UpdateAllocations', {
      stage,
      timeoutSeconds: allocateTimeoutSeconds,
      description: 'Computes the weights of all templates from what has matured',
      environment: { RESULTS_TABLE: names.RESULTS_TABLE, SETTINGS_TABLE: names.SETTINGS_TABLE },
    })
    tables.grant(updateAllocations, 'settings', ['GetItem', 'Query', 'Scan', 'PutItem'])
    tables.grant(updateAllocations, 'results', ['Query'])
    new Allocating(this, 'Allocating', updateAllocations)

    const readResults = new LambdaFunction(this, 'ReadResults', {
      stage,
      timeoutSeconds: callerTimeoutSeconds,
      description: 'Answers what became of the sends of a template',
      environment: { ...tokens, RESULTS_TABLE: names.RESULTS_TABLE, SETTINGS_TABLE: names.SETTINGS_TABLE },
    })
    tables.grant(readResults, 'settings', ['GetItem', 'Query'])
    tables.grant(readResults, 'results', ['Query'])

    const manage = new LambdaFunction(this, 'Manage', {
      stage,
      timeoutSeconds: callerTimeoutSeconds,
      description: 'Serves the console and administrators: settings, keys, copy, quarantine',
      environment: {
        ...tokens,
        ...names,
        API_URL: api.url,
        SECRET_PREFIX: secrets.prefix,
      },
    })
    tables.grant(manage, 'settings', ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'])
    tables.grant(manage, 'events', ['Query', 'BatchGetItem', 'PutItem', 'DeleteItem', 'BatchWriteItem'])
    tables.grant(manage, 'outcomes', ['Query', 'BatchGetItem', 'PutItem', 'DeleteItem'])
    tables.grantIndex(manage)
    secrets.grantWrite(manage)

    const customerio = (region: keyof typeof customerioApi) =>
      new CfnParameter(this, `CustomerioApi${region === 'us' ? 'Us' : 'Eu'}`, {
        description: `Where Customer.io's App API of the region ${region} is`,
        default: customerioApi[region],
        allowedPattern: '^https?://[^/]+$',
      }).valueAsString
    const checkSetup = new LambdaFunction(this, 'CheckSetup', {
      stage,
      timeoutSeconds: setupTimeoutSeconds,
      description: 'Asks Customer.io how the set-up stands, mends it, fills gaps, and tells health',
      environment: {
        ...tokens,
        API_URL: api.url,
        EVENTS_TABLE: names.EVENTS_TABLE,
        RESULTS_TABLE: names.RESULTS_TABLE,
        SETTINGS_TABLE: names.SETTINGS_TABLE,
        SECRET_PREFIX: secrets.prefix,
        CUSTOMERIO_API_US: customerio('us'),
        CUSTOMERIO_API_EU: customerio('eu'),
      },
    })
    tables.grant(checkSetup, 'settings', ['GetItem', 'Query', 'PutItem'])
    tables.grant(checkSetup, 'events', ['BatchGetItem', 'PutItem', 'Query'])
    tables.grant(checkSetup, 'results', ['Query'])
    secrets.grantRead(checkSetup)
    const files = {
      SETTINGS_TABLE: names.SETTINGS_TABLE,
      DATA_BUCKET: bucket.resource.bucketName,
      RANGES_QUEUE_URL: fileLoading.ranges.queueUrl,
    }
    const planCustomEvents = new LambdaFunction(this, 'PlanCustomEvents', {
      stage,
      timeoutSeconds: planTimeoutSeconds,
      description: 'Cuts dropped files into ranges, and writes the reports on those that are loaded',
      environment: files,
    })
    tables.grant(planCustomEvents, 'settings', ['GetItem', 'PutItem', 'Query', 'BatchWriteItem'])
    bucket.grantList(planCustomEvents)
    bucket.grant(planCustomEvents, 'incoming/', ['GetObject'])
    bucket.grant(planCustomEvents, 'work/', ['GetObject', 'PutObject'])
    bucket.grant(planCustomEvents, 'reports/', ['GetObject', 'PutObject', 'DeleteObject', 'AbortMultipartUpload'])

    const loadCustomEvents = new LambdaFunction(this, 'LoadCustomEvents', {
      stage,
      timeoutSeconds: loadTimeoutSeconds,
      description: 'Loads the events of one range of a file',
      environment: {
        ...files,
        EVENTS_TABLE: names.EVENTS_TABLE,
        NOTICES_QUEUE_URL: fileLoading.notices.queueUrl,
      },
    })
    tables.grant(loadCustomEvents, 'settings', ['GetItem', 'PutItem', 'DeleteItem', 'Query'])
    tables.grant(loadCustomEvents, 'events', ['BatchGetItem', 'BatchWriteItem', 'PutItem'])
    bucket.grantList(loadCustomEvents)
    bucket.grant(loadCustomEvents, 'incoming/', ['GetObject'])
    bucket.grant(loadCustomEvents, 'work/', ['GetObject', 'PutObject'])

    const reconcileFiles = new LambdaFunction(this, 'ReconcileFiles', {
      stage,
      timeoutSeconds: reconcileTimeoutSeconds,
      description: 'Loads files that nobody announced and takes up imports that stand still',
      environment: { ...files, NOTICES_QUEUE_URL: fileLoading.notices.queueUrl },
    })
    tables.grant(reconcileFiles, 'settings', ['GetItem', 'PutItem', 'Query'])
    bucket.grantList(reconcileFiles)
    fileLoading.run({
      PlanCustomEvents: planCustomEvents,
      LoadCustomEvents: loadCustomEvents,
      ReconcileFiles: reconcileFiles,
    })

    const serveImports = new LambdaFunction(this, 'ServeImports', {
      stage,
      timeoutSeconds: callerTimeoutSeconds,
      description: 'Answers what became of dropped files, and takes up again those that failed',
      environment: {
        ...tokens,
        SETTINGS_TABLE: names.SETTINGS_TABLE,
        NOTICES_QUEUE_URL: fileLoading.notices.queueUrl,
      },
    })
    tables.grant(serveImports, 'settings', ['GetItem', 'PutItem', 'Query'])
    fileLoading.grantSend(serveImports, fileLoading.notices)

    const describeApi = new LambdaFunction(this, 'DescribeApi', {
      stage,
      timeoutSeconds: callerTimeoutSeconds,
      description: 'Serves the API document, and the errors of requests that no route takes',
      environment: {},
    })

    const functions = {
      GenerateCopy: generateCopy,
      ReceiveCioWebhook: receiveCioWebhook,
      ReceiveCustomEvents: receiveCustomEvents,
      MeasureOutcomes: measureOutcomes,
      RemeasureOutcomes: remeasureOutcomes,
      UpdateAllocations: updateAllocations,
      ReadResults: readResults,
      Manage: manage,
      CheckSetup: checkSetup,
      PlanCustomEvents: planCustomEvents,
      LoadCustomEvents: loadCustomEvents,
      ReconcileFiles: reconcileFiles,
      ServeImports: serveImports,
      DescribeApi: describeApi,
    }
    api.serve(functions)

    const outputs = {
      Stage: stage.name,
      ApiUrl: api.url,
      ConsoleUrl: site.url,
      DataBucketName: bucket.resource.bucketName,
      EventsTableName: names.EVENTS_TABLE,
      OutcomesTableName: names.OUTCOMES_TABLE,
      ResultsTableName: names.RESULTS_TABLE,
      SettingsTableName: names.SETTINGS_TABLE,
      OrgSecretPrefix: secrets.prefix,
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

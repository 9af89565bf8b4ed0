// Deploys a synthesized stack to this machine: starts everything in order and tells where it is. The only way in, for the
// command line and for tests.
import { createWriteStream } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { join, resolve } from 'node:path'
import { findHttpApi } from './api/http-api.ts'
import { makeApiListener } from './api/server.ts'
import type { ObjectEvent } from './emulators/buckets.ts'
import { type AsynchronousInvoker, makeAsynchronousInvoker } from './functions/asynchronous.ts'
import { functionsOf } from './functions/function.ts'
import { openLogFile } from './functions/log-file.ts'
import { type FunctionPool, makePool } from './functions/pool.ts'
import { credentialsFor, type FunctionCaller } from './gate/caller.ts'
import { listen, makeGate } from './gate/gate.ts'
import { grantsOf, rolesOf } from './gate/grants.ts'
import { makeInvokeService } from './gate/invoke-service.ts'
import { answerJsonError } from './gate/refusal.ts'
import { makeAwsMetrics, sampleQueues } from './metrics/aws-metrics.ts'
import { makeMetricLog } from './metrics/metric-log.ts'
import { LocalProblem } from './problem.ts'
import { makeAdminListener } from './run/admin.ts'
import { makeChaos } from './run/chaos.ts'
import { closeServer } from './run/close-server.ts'
import { startConsole } from './run/console.ts'
import { openDataFolder } from './run/data-folder.ts'
import { checkMachine, type Emulators, startEmulators, upstreamOf } from './run/emulators.ts'
import { makeIdleness } from './run/idleness.ts'
import { startNotifications } from './run/notifications.ts'
import { endpointsOf, type Ready, removeReady, writeReady } from './run/ready.ts'
import { runSeed } from './run/seed.ts'
import { startSignIn } from './run/sign-in.ts'
import { startMappings, startTimers } from './run/sources.ts'
import { startStandIns } from './run/stand-ins.ts'
import { makeStopping } from './run/stopping.ts'
import type { Source } from './sources/source.ts'
import { makeTableNews } from './sources/table-news.ts'
import { readAssembly } from './template/assembly.ts'
import { openStack } from './template/stack.ts'

export type LocalOptions = {
  /** The folder that `cdk synth` wrote. */
  readonly appDir: string
  /** Where the API listens; 0: any free port. The console is one port further. */
  readonly port: number
  /** Where data outlives the run; undefined keeps it in memory. */
  readonly dataDir?: string | undefined
  readonly readyFile?: string | undefined
  readonly seed?: string | undefined
  /** Parameters of the template that are given another value than their default. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
  readonly verbose?: boolean
  /** The clock of what is measured, not of what runs; a test sets it ahead. */
  readonly metricsClock?: () => number
}
export type Local = {
  readonly ready: Ready
  readonly adminUrl: string
  readonly screen: string | undefined
  readonly readyFile: string
  readonly stop: () => Promise<void>
}

/** How long functions and requests may go on after a stop is asked for. */
const GRACE_MS = 2_500

/** Starts everything and resolves when it answers; throws LocalProblem for what the user can mend, with nothing left running. */
export const startLocal = async (options: LocalOptions): Promise<Local> => {
  const stopping = makeStopping()
  try {
    return await deploy(options, stopping)
  } catch (error) {
    await stopping.stopAll()
    throw error
  }
}

const deploy = async (options: LocalOptions, stopping: ReturnType<typeof makeStopping>): Promise<Local> => {
  const verbose = options.verbose ?? false
  const assembly = readAssembly(resolve(options.appDir))
  const signIn = await startSignIn(stopping)
  const standIns = await startStandIns(assembly.template, stopping)
  const site = await startConsole(stopping, options.port === 0 ? 0 : options.port + 1)
  const world = {
    standIns: standIns.addresses,
    parameters: options.parameters,
    consoleUrl: site.url,
    apiUrl: '',
    gateUrl: '',
    signInUrl: signIn.issuer,
    streamArn: (table: string): string => emulators?.tables.get(table)?.stream?.arn ?? '',
  }
  let emulators: Emulators | undefined
  const stack = openStack(assembly, world)
  checkMachine(stack)

  const started: { listener: RequestListener } = {
    listener: (_request, response) => void response.writeHead(503).end(),
  }
  const apiServer = createServer((request, response) => started.listener(request, response))
  const apiPort = await listen(apiServer, options.port)
  stopping.add(() => closeServer(apiServer, GRACE_MS))
  world.apiUrl = `http://127.0.0.1:${apiPort}`
  const folder = openDataFolder(options.dataDir)
  stopping.add(folder.release)
  const readyPaths = [
    join(folder.root, 'ready.json'),
    ...(options.readyFile === undefined ? [] : [resolve(options.readyFile)]),
  ]
  readyPaths.forEach(removeReady)
  const engineLog = openLogFile(join(folder.logs, 'engine.log'), 'engine', verbose)
  stopping.add(engineLog.close)
  const trouble = (where: string) => (error: unknown) =>
    engineLog.write(`${new Date().toISOString()} ${where}: ${error instanceof Error ? error.message : String(error)}`)

  const operator = credentialsFor(`operator of ${stack.name}`)
  const news = makeTableNews()
  const metrics = makeMetricLog(options.metricsClock)
  const awsMetrics = makeAwsMetrics(metrics)
  const pools = new Map<string, FunctionPool>()
  const callers = new Map<string, FunctionCaller>()
  let asynchronous: AsynchronousInvoker | undefined
  let onObject = (_event: ObjectEvent): void => undefined
  const made = await startEmulators(stack, folder, operator, (event) => onObject(event), stopping)
  emulators = made

  const chaos = makeChaos(pools, () => made.dynamodb?.restart())
  const getAsynchronous = (): AsynchronousInvoker => {
    if (asynchronous === undefined) throw new Error('The functions are not started yet.')
    return asynchronous
  }
  const byKey = new Map<string, FunctionCaller>()
  const users = await signIn.open(stack, folder.users)
  const gate = makeGate({
    operator,
    findCaller: (accessKeyId) => byKey.get(accessKeyId),
    upstreams: {
      dynamodb: () => upstreamOf(made.dynamodb),
      s3: () => made.buckets.upstream,
      sqs: () => made.queues.upstream,
    },
    findTable: (table) => made.tables.get(table),
    secretArnOf: made.secrets.arnOf,
    secrets: made.secrets.serve,
    users: (operation, body, response) =>
      users === undefined
        ? answerJsonError(response, 'cognito-idp', 400, 'ResourceNotFoundException', 'The stack has no user pool.')
        : users.serve(operation, body, response),
    invoke: makeInvokeService(() => pools, getAsynchronous),
    writing: news.writing,
    abortUpload: made.buckets.abortUpload,
    tableThrottled: awsMetrics.tableThrottled,
  })
  const gatePort = await listen(gate.server, 0)
  stopping.add(gate.close)
  world.gateUrl = `http://127.0.0.1:${gatePort}`

  const roles = rolesOf(stack)
  for (const spec of functionsOf(stack, assembly)) {
    const role = roles.get(spec.roleName)
    if (role === undefined)
      throw new LocalProblem(
        `The function ${spec.id} has the role ${spec.roleName || '(none)'}, which the template does not declare.`,
      )
    const caller = { functionName: spec.name, role, credentials: credentialsFor(spec.name) }
    callers.set(spec.name, caller)
    byKey.set(caller.credentials.accessKeyId, caller)
    const log = openLogFile(join(folder.logs, `${spec.name}.log`), spec.name, verbose, metrics.read)
    const host = {
      gateUrl: world.gateUrl,
      credentials: caller.credentials,
      log,
      metrics: awsMetrics,
      skewMs: () => chaos.skewOf(spec.name),
      isThrottled: () => gate.faults.meet('lambda', 'Invoke', [], spec.name)?.mode === 'throttle',
    }
    pools.set(spec.name, makePool(spec, host))
  }
  const grants = grantsOf(new Map([...callers].map(([name, { role }]) => [name, role])))
  const invoker = makeAsynchronousInvoker(stack, pools, made.queues.send)
  asynchronous = invoker
  let sources: readonly Source[] = []
  const idleness = makeIdleness(pools, () => sources, invoker)
  const admin = {
    log: gate.log,
    faults: gate.faults,
    ...{ grants, idleness, metrics, chaos },
    sample: () => sampleQueues(metrics, stack, made.queues),
    alarms: () => stack.of('AWS::CloudWatch::Alarm').map(({ id, properties }) => ({ id, ...properties })),
  }
  const adminServer = createServer(makeAdminListener(admin))
  const adminUrl = `http://127.0.0.1:${await listen(adminServer, 0)}`
  stopping.add(() => closeServer(adminServer, 0))
  stopping.add(() => {
    for (const source of sources) source.flush()
  })
  stopping.add(() => Promise.all([...pools.values()].map((pool) => pool.stop(GRACE_MS))))
  stopping.add(invoker.stop)

  const warming = [...pools.values()].map(async (pool) => ({ pool, error: await pool.warm() }))
  onObject = startNotifications(stack, made.queues.send, invoker)
  const sourcesDeps = {
    stack,
    emulators: made,
    pools,
    callers,
    gate: { host: '127.0.0.1', port: gatePort },
    gateUrl: world.gateUrl,
    folder,
    news,
    asynchronous: invoker,
    metrics: awsMetrics,
    trouble,
  }
  sources = await startMappings(sourcesDeps)
  stopping.add(() => Promise.all(sources.map((source) => source.stop())))

  const api = findHttpApi(stack)
  const stagePath = api === undefined || api.stage === '$default' ? '' : `/${api.stage}`
  if (api !== undefined) {
    const accessLog = createWriteStream(join(folder.logs, 'access.log'), { flags: 'a' })
    stopping.add(() => accessLog.end())
    started.listener = makeApiListener(api, pools, (line) => void accessLog.write(`${line}\n`))
  }
  for (const { pool, error } of await Promise.all(warming))
    if (error !== undefined)
      throw new LocalProblem(`The function ${pool.spec.id} cannot be loaded: ${error.errorType}: ${error.errorMessage}`)
  startTimers(sourcesDeps, stopping)
  stopping.add(() => closeServer(apiServer, GRACE_MS))

  const bare: Ready = {
    apiUrl: `${world.apiUrl}${stagePath}`,
    ...site.open(stack, assembly),
    adminUrl,
    endpoints: endpointsOf(world.gateUrl, operator),
    resources: stack.readableNames(),
    outputs: stack.outputs(),
    logs: folder.logs,
    ...standIns.ready,
  }
  const [readyFile = ''] = readyPaths
  const seeded =
    options.seed === undefined ? undefined : await runSeed(resolve(options.seed), bare, readyFile, folder.seedState)
  const ready: Ready = { ...seeded?.ready, ...bare }
  for (const path of readyPaths) writeReady(path, ready)
  stopping.add(() => readyPaths.forEach(removeReady))
  return { ready, adminUrl, screen: seeded?.screen, readyFile, stop: stopping.stopAll }
}

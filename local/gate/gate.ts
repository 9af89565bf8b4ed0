// The gate: every AWS call of a local function passes here, is checked against that function's role, recorded, and
// handed on to the emulator. The operator (seeds, tests, commands) passes unchecked.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { isRecord, type JsonRecord, tryJson } from '../json.ts'
import { LocalProblem } from '../problem.ts'
import { type CallLog, makeCallLog } from './call-log.ts'
import { type Credentials, type FunctionCaller, findService, scopeOf } from './caller.ts'
import type { Caller, Check } from './check.ts'
import type { Demand, Service } from './demand.ts'
import { dynamodbDemands, type FindTable } from './dynamodb-demands.ts'
import { type Faults, makeFaults } from './faults.ts'
import { makeForwarder, readBody, relay, type Upstream } from './forward.ts'
import { lambdaDemands, secretDemands, sqsDemands, userDemands } from './json-demands.ts'
import { decide } from './policy.ts'
import { answerError, answerJsonError, answerRefusal } from './refusal.ts'
import { makeS3Passage } from './s3-passage.ts'

/** A service that the engine answers itself. */
export type OwnService = (operation: string, body: JsonRecord, response: ServerResponse) => Promise<void> | void
export type GateDeps = {
  readonly operator: Credentials
  readonly findCaller: (accessKeyId: string) => FunctionCaller | undefined
  readonly upstreams: { readonly dynamodb: () => Upstream; readonly s3: () => Upstream; readonly sqs: () => Upstream }
  readonly findTable: FindTable
  readonly secretArnOf: (secretId: string) => string
  readonly secrets: OwnService
  readonly users: OwnService
  readonly invoke: (
    functionName: string,
    request: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
  ) => Promise<void>
  /** Called around every request that may change tables, so that stream readers know of news. */
  readonly writing: (tables: readonly string[]) => () => void
  readonly abortUpload: (bucket: string, uploadId: string) => Promise<void>
  /** Told of every table that a fault throttles. */
  readonly tableThrottled: (table: string, operation: string) => void
}
export type Gate = {
  readonly server: Server
  readonly log: CallLog
  readonly faults: Faults
  readonly close: () => Promise<void>
}

const UNAVAILABLE: Readonly<Record<Service, readonly [number, string]>> = {
  dynamodb: [500, 'InternalServerError'],
  s3: [503, 'SlowDown'],
  sqs: [503, 'ServiceUnavailable'],
  secretsmanager: [500, 'InternalServiceError'],
  lambda: [500, 'ServiceException'],
  'cognito-idp': [500, 'InternalErrorException'],
}
const THROTTLED: Readonly<Record<Service, readonly [number, string]>> = {
  dynamodb: [400, 'ProvisionedThroughputExceededException'],
  s3: [503, 'SlowDown'],
  sqs: [400, 'ThrottlingException'],
  secretsmanager: [400, 'ThrottlingException'],
  lambda: [429, 'TooManyRequestsException'],
  'cognito-idp': [400, 'TooManyRequestsException'],
}

/** The tables that a call asks for, each once. */
const tablesOf = (demands: readonly Demand[]): Set<string> =>
  new Set(demands.flatMap(({ resource }) => /:table\/([^/]+)/.exec(resource)?.[1] ?? []))

export const makeGate = (deps: GateDeps): Gate => {
  const log = makeCallLog()
  const faults = makeFaults()
  const forwarder = makeForwarder()

  const check: Check = async (response, service, caller, operation, demands) => {
    if (caller === undefined) return 'pass'
    const { functionName, role } = caller
    let refused: { demand: Demand; explicitDeny: boolean } | undefined
    for (const demand of demands) {
      const decision = decide(role.statements, demand.action, demand.resource, {
        ...demand.context,
        'aws:SecureTransport': ['true'],
        'aws:RequestedRegion': ['us-east-1'],
      })
      log.record(functionName, demand, decision)
      if (!decision.allowed) refused ??= { demand, explicitDeny: decision.explicitDeny }
    }
    const fault = faults.meet(
      service,
      operation,
      demands.map(({ action }) => action),
      functionName,
    )
    if (fault !== undefined && fault.delayMs > 0) await sleep(fault.delayMs)
    if (refused !== undefined || fault?.mode === 'refuse') {
      const demand = refused?.demand ?? demands[0] ?? { action: `${service}:${operation}`, resource: '*' }
      answerRefusal(
        response,
        service,
        { functionName, roleName: role.name },
        demand.action,
        demand.resource,
        refused?.explicitDeny ?? false,
      )
      return 'answered'
    }
    if (fault === undefined || fault.mode === 'slow') return 'pass'
    if (fault.mode === 'lost') return 'lost'
    if (fault.mode === 'cut') response.destroy()
    else {
      if (fault.mode === 'throttle') for (const table of tablesOf(demands)) deps.tableThrottled(table, operation)
      const [status, name] = (fault.mode === 'throttle' ? THROTTLED : UNAVAILABLE)[service]
      answerError(response, service, status, name, 'A fault that was asked for.')
    }
    return 'answered'
  }

  const demandsOf = (
    service: Service,
    target: string,
    path: string,
    body: JsonRecord,
  ): { operation: string; demands: Demand[]; writes: string[] } => {
    if (service === 'dynamodb') return dynamodbDemands(target, body, deps.findTable)
    if (service === 'sqs') return { ...sqsDemands(target, body), writes: [] }
    if (service === 'lambda') return { ...lambdaDemands(path), writes: [] }
    if (service === 'cognito-idp') return { ...userDemands(target, body), writes: [] }
    return { ...secretDemands(target, body, deps.secretArnOf), writes: [] }
  }

  const passJson = async (
    request: IncomingMessage,
    response: ServerResponse,
    service: Exclude<Service, 's3'>,
    caller: Caller,
  ): Promise<void> => {
    const bytes = await readBody(request)
    const target = request.headers['x-amz-target']
    const path = request.url ?? '/'
    const parsed = service === 'lambda' || bytes.length === 0 ? {} : tryJson(bytes.toString('utf8'))
    if (!isRecord(parsed))
      return answerJsonError(response, service, 400, 'SerializationException', 'The body is not a JSON object.')
    const { operation, demands, writes } = demandsOf(service, typeof target === 'string' ? target : '', path, parsed)
    const verdict = await check(response, service, caller, operation, demands)
    if (verdict === 'answered') return
    if (service === 'secretsmanager') return deps.secrets(operation, parsed, response)
    if (service === 'cognito-idp') return deps.users(operation, parsed, response)
    if (service === 'lambda') return deps.invoke(lambdaDemands(path).functionName, request, bytes, response)
    const written = writes.length === 0 ? undefined : deps.writing(writes)
    try {
      const answer = await forwarder.send(
        {
          upstream: deps.upstreams[service](),
          method: request.method ?? 'POST',
          path,
          headers: request.headers,
          body: bytes,
        },
        response,
      )
      if (verdict === 'lost') {
        answer.resume()
        await new Promise((done) => answer.on('end', done))
        response.destroy()
      } else relay(answer, response)
    } finally {
      written?.()
    }
  }

  const passS3 = makeS3Passage({ check, forwarder, upstream: deps.upstreams.s3, abortUpload: deps.abortUpload })

  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const scope = scopeOf(request)
    const service = findService(scope?.service ?? '')
    const caller = deps.findCaller(scope?.accessKeyId ?? '')
    if (scope === undefined)
      return answerJsonError(
        response,
        'dynamodb',
        403,
        'MissingAuthenticationTokenException',
        'Request is missing Authentication Token',
      )
    if (service === undefined)
      return answerJsonError(
        response,
        'lambda',
        400,
        'UnknownOperationException',
        `The service ${scope.service} is not part of the local deployment.`,
      )
    if (caller === undefined && scope.accessKeyId !== deps.operator.accessKeyId)
      return answerError(
        response,
        service,
        service === 's3' ? 403 : 400,
        service === 's3' ? 'InvalidAccessKeyId' : 'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      )
    return service === 's3' ? passS3(request, response, caller) : passJson(request, response, service, caller)
  }

  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0, noDelay: true }, (request, response) => {
    response.on('error', () => undefined)
    pass(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) response.destroy()
      else
        answerJsonError(
          response,
          'dynamodb',
          500,
          'InternalServerError',
          error instanceof Error ? error.message : String(error),
        )
    })
  })

  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
      forwarder.close()
    })
  return { server, log, faults, close }
}

/** Listens on a port (0: any free one) of this machine only; throws LocalProblem when it is taken. */
export const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        'code' in error && error.code === 'EADDRINUSE'
          ? new LocalProblem(`Port ${port} is taken by another program: stop it, or choose another with --port.`)
          : error,
      ),
    )
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })

// One process of a function: started from the very folder that would be uploaded, given one invocation at a time, and
// killed when it outlives the function's timeout.
import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Credentials } from '../gate/caller.ts'
import type { AwsMetrics } from '../metrics/aws-metrics.ts'
import type { FunctionSpec } from './function.ts'
import type { LogFile } from './log-file.ts'
import type { FunctionError, Invocation, Reply } from './messages.ts'

export type Outcome =
  | { readonly kind: 'result'; readonly resultText: string }
  | { readonly kind: 'error'; readonly error: FunctionError }
  | { readonly kind: 'timeout'; readonly error: FunctionError }
export type FunctionProcess = {
  readonly invoke: (requestId: string, eventText: string) => Promise<Outcome>
  readonly isAlive: () => boolean
  /** Resolves when the handler is loaded; with the error when it cannot be. */
  readonly ready: Promise<FunctionError | undefined>
  readonly kill: () => Promise<void>
}
export type FunctionHost = {
  readonly gateUrl: string
  readonly credentials: Credentials
  readonly log: LogFile
  readonly metrics: Pick<AwsMetrics, 'invoked' | 'functionThrottled'>
  /** Whether a fault that was asked for keeps the function from being called now. */
  readonly isThrottled: () => boolean
  /** How far the clock of a process that starts now is off, milliseconds. */
  readonly skewMs: () => number
}

const RUNTIME = fileURLToPath(new URL('./runtime.ts', import.meta.url))
const PRELOAD = new URL('./preload.ts', import.meta.url).href
/** Lambda gives 10 s; a cold laptop that starts everything at once may need longer. */
const INIT_LIMIT_MS = 30_000

const environmentOf = (spec: FunctionSpec, { gateUrl, credentials, skewMs }: FunctionHost): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  TZ: ':UTC',
  LANG: 'en_US.UTF-8',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_LAMBDA_FUNCTION_NAME: spec.name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
  AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${spec.name}`,
  AWS_LAMBDA_LOG_STREAM_NAME: `local/[$LATEST]${randomUUID().replaceAll('-', '')}`,
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`,
  LOCAL_CLOCK_SKEW_MS: String(skewMs()),
  _HANDLER: spec.handler,
  LAMBDA_TASK_ROOT: spec.codeDir,
  AWS_ENDPOINT_URL: gateUrl,
  ...Object.fromEntries(
    ['DYNAMODB', 'DYNAMODB_STREAMS', 'S3', 'SQS', 'SECRETS_MANAGER', 'LAMBDA'].map((service) => [
      `AWS_ENDPOINT_URL_${service}`,
      gateUrl,
    ]),
  ),
  ...spec.environment,
})

const isReply = (message: unknown): message is Reply =>
  typeof message === 'object' && message !== null && 'kind' in message

/** Starts a process and loads its handler; invocations wait until it is ready. */
export const startFunctionProcess = (spec: FunctionSpec, host: FunctionHost): FunctionProcess => {
  const child: ChildProcess = fork(RUNTIME, [], {
    execPath: process.execPath,
    execArgv: [`--max-old-space-size=${spec.memoryMb}`, '--disable-warning=ExperimentalWarning', '--import', PRELOAD],
    cwd: spec.codeDir,
    env: environmentOf(spec, host),
    // Its own process group: Ctrl-C is for the engine, which lets functions finish first.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  host.log.follow(child)
  let alive = true
  let current: { requestId: string; settle: (outcome: Outcome) => void } | undefined
  const exited = new Promise<void>((resolve) =>
    child.once('exit', (code, signal) => {
      alive = false
      const error = {
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${current?.requestId ?? ''} Error: Runtime exited with error: ${signal === null ? `exit status ${code ?? 0}` : `signal: ${signal}`}`,
        trace: [],
      }
      current?.settle({ kind: 'error', error })
      resolve()
    }),
  )
  child.on('error', () => child.kill('SIGKILL'))

  const ready = new Promise<FunctionError | undefined>((resolve) => {
    const limit = setTimeout(
      () =>
        resolve({
          errorType: 'Sandbox.Timedout',
          errorMessage: `Init took longer than ${INIT_LIMIT_MS / 1000} seconds`,
          trace: [],
        }),
      INIT_LIMIT_MS,
    )
    limit.unref()
    child.on('message', (message: unknown) => {
      if (!isReply(message)) return
      if (message.kind === 'ready') resolve(undefined)
      else if (message.kind === 'broken') resolve(message.error)
      else if (message.requestId === current?.requestId)
        current.settle(
          message.kind === 'result'
            ? { kind: 'result', resultText: message.resultText }
            : { kind: 'error', error: message.error },
        )
    })
    void exited.then(() => {
      clearTimeout(limit)
      resolve({ errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited while it started', trace: [] })
    })
  })

  const kill = async (): Promise<void> => {
    if (alive) child.kill('SIGKILL')
    await exited
  }

  const invoke = async (requestId: string, eventText: string): Promise<Outcome> => {
    const broken = await ready
    if (broken !== undefined) {
      await kill()
      return { kind: 'error', error: broken }
    }
    const ended = host.metrics.invoked(spec.name)
    return new Promise((resolve) => {
      const limit = setTimeout(() => {
        const errorMessage = `${new Date().toISOString()} ${requestId} Task timed out after ${(spec.timeoutMs / 1_000).toFixed(2)} seconds`
        host.log.write(errorMessage)
        current?.settle({ kind: 'timeout', error: { errorType: 'Sandbox.Timedout', errorMessage, trace: [] } })
        alive = false
        child.kill('SIGKILL')
      }, spec.timeoutMs)
      current = {
        requestId,
        settle: (outcome) => {
          clearTimeout(limit)
          current = undefined
          ended(outcome.kind === 'result')
          resolve(outcome)
        },
      }
      const invocation: Invocation = { kind: 'invoke', requestId, eventText, limitMs: spec.timeoutMs }
      child.send(invocation, (error) => {
        if (error !== null) child.kill('SIGKILL')
      })
    })
  }
  return { invoke, ready, isAlive: () => alive && child.connected, kill }
}

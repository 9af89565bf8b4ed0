// The program in a function's process: loads the handler once, then answers one invocation at a time over IPC. It stands
// for Lambda's Node.js runtime; it knows nothing of the rest of the engine.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { FunctionError, Invocation, Reply } from './messages.ts'

type Handler = (event: unknown, context: unknown) => unknown

const send = (reply: Reply): void => {
  process.send?.(reply)
}
// However the engine went away, this process goes too.
process.on('disconnect', () => process.exit(0))

const described = (error: unknown): FunctionError =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') }
    : { errorType: typeof error, errorMessage: String(error), trace: [] }

const isHandler = (value: unknown): value is Handler => typeof value === 'function'
const isInvocation = (value: unknown): value is Invocation =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'invoke'

const load = async (root: string, handler: string): Promise<Handler> => {
  const dot = handler.lastIndexOf('.')
  const [file, name] = [handler.slice(0, dot), handler.slice(dot + 1)]
  const path = ['.mjs', '.js', '.cjs'].map((extension) => join(root, `${file}${extension}`)).find(existsSync)
  if (path === undefined)
    throw Object.assign(new Error(`Cannot find module '${file}' in ${root}`), { name: 'Runtime.ImportModuleError' })
  const module: Record<string, unknown> = await import(pathToFileURL(path).href)
  const found = module[name] ?? Reflect.get(Object(module.default), name)
  if (!isHandler(found))
    throw Object.assign(new Error(`${handler} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' })
  return found
}

const contextOf = ({ requestId }: Invocation, deadlineMs: number): Record<string, unknown> => ({
  awsRequestId: requestId,
  callbackWaitsForEmptyEventLoop: true,
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: '$LATEST',
  invokedFunctionArn: `arn:aws:lambda:${process.env.AWS_REGION}:000000000000:function:${process.env.AWS_LAMBDA_FUNCTION_NAME}`,
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
  getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
})

const serve = async (handler: Handler, invocation: Invocation): Promise<void> => {
  const { requestId, eventText, limitMs } = invocation
  try {
    const result = await handler(JSON.parse(eventText), contextOf(invocation, Date.now() + limitMs))
    send({ kind: 'result', requestId, resultText: JSON.stringify(result) ?? 'null' })
  } catch (error) {
    const reported = described(error)
    console.error(JSON.stringify({ level: 'ERROR', requestId, message: 'Invoke Error', ...reported }))
    send({ kind: 'error', requestId, error: reported })
  }
}

try {
  const handler = await load(process.env.LAMBDA_TASK_ROOT ?? '.', process.env._HANDLER ?? 'index.handler')
  process.on('message', (message: unknown) => {
    if (isInvocation(message)) void serve(handler, message)
  })
  send({ kind: 'ready' })
} catch (error) {
  const reported = described(error)
  console.error(JSON.stringify({ level: 'ERROR', message: 'Init Error', ...reported }))
  send({ kind: 'broken', error: reported })
}

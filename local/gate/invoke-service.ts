// Lambda's Invoke as the gate answers it: synchronous with the function's answer, or `Event` and accepted.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AsynchronousInvoker } from '../functions/asynchronous.ts'
import type { FunctionPool } from '../functions/pool.ts'
import { tryJson } from '../json.ts'
import { functionArn } from '../template/resource-types.ts'
import { answerJsonError } from './refusal.ts'

export const makeInvokeService =
  (pools: () => ReadonlyMap<string, FunctionPool>, asynchronous: () => AsynchronousInvoker) =>
  async (functionName: string, request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> => {
    const pool = pools().get(functionName)
    if (pool === undefined)
      return answerJsonError(
        response,
        'lambda',
        404,
        'ResourceNotFoundException',
        `Function not found: ${functionArn(functionName)}`,
      )
    const event = body.length === 0 ? {} : tryJson(body.toString('utf8'))
    if (event === undefined)
      return answerJsonError(
        response,
        'lambda',
        400,
        'InvalidRequestContentException',
        'Could not parse request body into json.',
      )
    const type = request.headers['x-amz-invocation-type']
    if (type === 'DryRun') return void response.writeHead(204).end()
    if (type === 'Event') {
      asynchronous().invoke(functionName, event)
      return void response.writeHead(202, { 'content-length': 0 }).end()
    }
    const outcome = await pool.invoke(event)
    const payload = Buffer.from(outcome.kind === 'result' ? outcome.resultText : JSON.stringify(outcome.error))
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': payload.length,
      'x-amz-executed-version': '$LATEST',
      ...(outcome.kind === 'result' ? {} : { 'x-amz-function-error': 'Unhandled' }),
    })
    response.end(payload)
  }

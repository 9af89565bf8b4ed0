// Runs the seed program: a process of its own that gets the operator's access and the stack's names, and answers with one
// JSON object on its last line. What it says is kept for its next run in the same data folder.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { findText, isRecord, type Json, type JsonRecord, recordAt, tryJson } from '../json.ts'
import { LocalProblem } from '../problem.ts'
import { REGION } from '../template/intrinsics.ts'
import type { Ready } from './ready.ts'

export type Seeded = { readonly ready: JsonRecord; readonly screen: string | undefined }

const lastObject = (output: string): JsonRecord | undefined => {
  const said = tryJson(output.trimEnd().split('\n').at(-1) ?? '')
  return isRecord(said) ? said : undefined
}

/** Runs it to its end; throws LocalProblem when it fails or does not answer. */
export const runSeed = async (
  program: string,
  ready: Ready,
  readyFile: string,
  statePath: string | undefined,
): Promise<Seeded> => {
  const previous: Json =
    (statePath !== undefined && existsSync(statePath) ? tryJson(readFileSync(statePath, 'utf8')) : undefined) ?? null
  const { url, credentials } = ready.endpoints.dynamodb
  const endpointVariables = [
    'DYNAMODB',
    'DYNAMODB_STREAMS',
    'S3',
    'SQS',
    'SECRETS_MANAGER',
    'LAMBDA',
    'COGNITO_IDENTITY_PROVIDER',
  ].map((service) => [`AWS_ENDPOINT_URL_${service}`, url])
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ENDPOINT_URL: url,
      ...Object.fromEntries(endpointVariables),
      LOCAL_STACK: JSON.stringify({
        apiUrl: ready.apiUrl,
        endpoints: ready.endpoints,
        resources: ready.resources,
        outputs: ready.outputs,
        customerio: ready.customerio,
        readyFile,
        previous,
      }),
    },
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk
  })
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode) => resolve(exitCode ?? 1))
  })
  if (code !== 0) throw new LocalProblem(`The seed program ${program} ended with code ${code}; its words are above.`)
  const said = lastObject(output)
  if (said === undefined)
    throw new LocalProblem(
      `The seed program ${program} must print one JSON object {"ready": {…}, "screen": "…"} as its last line.`,
    )
  if (statePath !== undefined) writeFileSync(statePath, JSON.stringify(said), { mode: 0o600 })
  return { ready: recordAt(said, 'ready'), screen: findText(said, 'screen') }
}

// The only place that reads `process.env`.

/** The function's own environment: these variables, and STAGE. @throws naming each that is missing or empty. */
export function readEnvironment<N extends string>(names: readonly N[]): Readonly<Record<N | 'STAGE', string>> {
  const { env } = process
  if (hasAll(env, names) && hasAll(env, ['STAGE'])) return env
  const missing = ['STAGE', ...names].filter((name) => !env[name])
  throw new Error(`The environment is wrong: ${missing.join(', ')} must be there and not be empty`)
}

function hasAll<N extends string>(env: NodeJS.ProcessEnv, names: readonly N[]): env is Record<N, string> {
  return names.every((name) => env[name])
}

export interface FunctionFacts {
  readonly stage: string
  readonly functionName: string
  readonly memoryMb: number
}

/** What Lambda and the stack say of the function that this runs in; undefined where no function runs. Never throws. */
export function readFunctionFacts(): FunctionFacts | undefined {
  const { AWS_LAMBDA_FUNCTION_NAME: functionName, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: memory, STAGE: stage } = process.env
  if (functionName === undefined || memory === undefined) return undefined
  return { stage: stage ?? 'unknown', functionName, memoryMb: Number(memory) }
}

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

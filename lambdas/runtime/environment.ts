// The only place that reads `process.env`.
import * as z from 'zod/mini'

/** The function's own environment, parsed by its schema. @throws naming each variable that is missing or wrong. */
export function readEnvironment<S extends z.ZodMiniType>(schema: S): z.infer<S> {
  const parsed = z.safeParse(schema, process.env)
  if (parsed.success) return parsed.data
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`The environment is wrong: ${wrong.join('; ')}`)
}

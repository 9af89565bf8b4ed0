// What the deployment tells the console when it starts: who signs people in. Nothing of a stage is built into the files.
import * as z from 'zod/mini'

const configSchema = z.object({ issuer: z.url(), clientId: z.string().check(z.minLength(1)) })
export type Config = z.infer<typeof configSchema>

/** Reads `/config.json`. @throws when it is not there or not as it should be */
export async function readConfig(): Promise<Config> {
  const response = await fetch('/config.json', { cache: 'no-cache' })
  if (!response.ok) throw new Error(`/config.json answered ${response.status}`)
  return configSchema.parse(await response.json())
}

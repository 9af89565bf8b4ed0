// Fills a fresh local deployment with one demo org, so that a newcomer can call it at once. Run by `npm start`; prints one
// JSON line: what the ready file gains, and the screen that a person sees. What it minted before, it keeps.
import { randomBytes } from 'node:crypto'
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import * as z from 'zod/mini'
import { orgSlugSchema } from '../contract/ids.ts'
import { mintApiKey } from '../lambdas/domain/api-key.ts'
import { makeSettingsStore, type SettingsStore } from '../lambdas/store/settings.ts'
import { demoIntegration, demoOrg, demoPeople, demoTemplate, demoVariants } from './demo-org.ts'
import { drawScreen } from './demo-screen.ts'
import { addMember } from './members.ts'

const demoSchema = z.object({
  apiKey: z.string(),
  adminKey: z.string(),
  signingKey: z.string(),
  oidc: z.optional(z.object({ users: z.array(z.object({ email: z.string(), password: z.string() })) })),
})
type DemoKeys = z.infer<typeof demoSchema>

const stackSchema = z.object({
  apiUrl: z.string(),
  outputs: z.object({
    SettingsTableName: z.string(),
    OrgSecretPrefix: z.string(),
    Stage: z.string(),
    UserPoolId: z.string(),
    TokenIssuer: z.string(),
    TokenClientId: z.string(),
  }),
  previous: z.nullish(z.object({ ready: demoSchema })),
})

const stack = stackSchema.parse(JSON.parse(process.env.LOCAL_STACK ?? '{}'))
const org = orgSlugSchema.parse(demoOrg.org)
const settings = makeSettingsStore(new DynamoDBClient({}), stack.outputs.SettingsTableName)

const keys = stack.previous?.ready ?? (await makeKeys(settings))
await settings.putOrg(demoOrg)
await settings.putTemplate(org, demoTemplate)
for (const variant of demoVariants) await settings.putVariant(org, demoTemplate.templateId, variant)
await settings.putIntegration(org, demoIntegration)
await storeSigningKey(keys.signingKey)

const users = await addPeople(keys.oidc?.users ?? [])

const ready = {
  org,
  ...keys,
  oidc: { issuer: stack.outputs.TokenIssuer, clientId: stack.outputs.TokenClientId, users },
  template: demoTemplate.templateId,
  campaignId: 23,
  webhookActionId: 41,
  controlActionId: 42,
}
console.log(JSON.stringify({ ready, screen: drawScreen({ apiUrl: stack.apiUrl, ...ready }) }))

async function makeKeys(store: SettingsStore): Promise<DemoKeys> {
  const createdAtMs = Date.now()
  const caller = mintApiKey(stack.outputs.Stage, { scopes: ['generate', 'events'], createdAtMs }, randomBytes)
  const admin = mintApiKey(stack.outputs.Stage, { scopes: ['admin'], createdAtMs }, randomBytes)
  await store.putApiKey(org, caller.stored)
  await store.putApiKey(org, admin.stored)
  return { apiKey: caller.key, adminKey: admin.key, signingKey: randomBytes(32).toString('hex') }
}

/** One of each role; passwords of an earlier run stay. */
async function addPeople(known: readonly { email: string; password: string }[]) {
  const cognito = new CognitoIdentityProviderClient({})
  const people = demoPeople.map(({ email, groups }) => {
    const password = known.find((one) => one.email === email)?.password ?? `${randomBytes(9).toString('base64url')}-Aa1`
    return { email, password, groups: [...groups] }
  })
  for (const person of people) await addMember(cognito, stack.outputs.UserPoolId, person)
  return people
}

async function storeSigningKey(signingKey: string): Promise<void> {
  const secrets = new SecretsManagerClient({})
  const Name = `${stack.outputs.OrgSecretPrefix}${org}`
  const SecretString = JSON.stringify({ signingKey })
  try {
    await secrets.send(new CreateSecretCommand({ Name, SecretString }))
  } catch (error) {
    if (!(error instanceof ResourceExistsException)) throw error
    await secrets.send(new PutSecretValueCommand({ SecretId: Name, SecretString }))
  }
}

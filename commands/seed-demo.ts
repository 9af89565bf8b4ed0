// Fills a fresh local deployment with one demo org, so that a newcomer can call it at once. Run by `npm start`; prints one
// JSON line: what the ready file gains, and the screen that a person sees. What it minted before, it keeps.
import { randomBytes } from 'node:crypto'
import { relative } from 'node:path'
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
import type { OrgSecret } from '../contract/secrets.ts'
import { mintApiKey } from '../lambdas/domain/settings/api-key.ts'
import { makeSettingsStore, type SettingsStore } from '../lambdas/store/settings.ts'
import { demoAccount, demoWorkspace } from './demo-customerio.ts'
import { demoIntegration, demoOrg, demoPeople, demoTemplate, demoVariants } from './demo-org.ts'
import { drawScreen } from './demo-screen.ts'
import { addMember } from './members.ts'

const demoSchema = z.object({
  apiKey: z.string(),
  adminKey: z.string(),
  signingKey: z.string(),
  /** Customer.io's keys: of the workspace that is connected, and of the other one. */
  appApiKey: z.string(),
  sandboxKey: z.string(),
  oidc: z.optional(z.object({ users: z.array(z.object({ email: z.string(), password: z.string() })) })),
})
type DemoKeys = z.infer<typeof demoSchema>

const stackSchema = z.object({
  apiUrl: z.string(),
  outputs: z.object({
    SettingsTableName: z.string(),
    OrgSecretPrefix: z.string(),
    Stage: z.string(),
    ConsoleUrl: z.string(),
    UserPoolId: z.string(),
    TokenIssuer: z.string(),
    TokenClientId: z.string(),
  }),
  customerio: z.object({ controlUrl: z.string() }),
  readyFile: z.string(),
  previous: z.nullish(z.object({ ready: demoSchema })),
})

const stack = stackSchema.parse(JSON.parse(process.env.LOCAL_STACK ?? '{}'))
const org = orgSlugSchema.parse(demoOrg.org)
const settings = makeSettingsStore(new DynamoDBClient({}), stack.outputs.SettingsTableName)

const keys = stack.previous?.ready ?? (await makeKeys(settings))
const nowMs = Date.now()
await settings.putOrg({
  ...demoOrg,
  customerio: {
    region: 'us',
    workspace: { ...demoWorkspace },
    appApiKey: { lastFour: keys.appApiKey.slice(-4), sinceMs: nowMs },
    signingKey: { lastFour: keys.signingKey.slice(-4), sinceMs: nowMs },
  },
})
await settings.putTemplate(org, demoTemplate)
for (const variant of demoVariants) await settings.putVariant(org, demoTemplate.templateId, variant)
await settings.putIntegration(org, demoIntegration)
await storeSecret({ signingKey: keys.signingKey, appApiKey: keys.appApiKey })
await fillCustomerio(keys)

const users = await addPeople(keys.oidc?.users ?? [])

const ready = {
  org,
  ...keys,
  oidc: { issuer: stack.outputs.TokenIssuer, clientId: stack.outputs.TokenClientId, users },
  template: demoTemplate.templateId,
  workspace: demoWorkspace,
  campaignId: 23,
  webhookActionId: 41,
  controlActionId: 42,
}
const { apiUrl } = stack
const within = relative('.', stack.readyFile)
const readyFile = within.startsWith('..') ? stack.readyFile : within
const consoleUrl = stack.outputs.ConsoleUrl
console.log(JSON.stringify({ ready, screen: drawScreen({ apiUrl, consoleUrl, people: users, readyFile, ...ready }) }))

async function makeKeys(store: SettingsStore): Promise<DemoKeys> {
  const createdAtMs = Date.now()
  const caller = mintApiKey(stack.outputs.Stage, { scopes: ['generate', 'events'], createdAtMs }, randomBytes)
  const admin = mintApiKey(stack.outputs.Stage, { scopes: ['admin'], createdAtMs }, randomBytes)
  await store.putApiKey(org, caller.stored)
  await store.putApiKey(org, admin.stored)
  const [signingKey, appApiKey, sandboxKey] = [0, 1, 2].map(() => randomBytes(32).toString('hex'))
  return demoSchema.parse({ apiKey: caller.key, adminKey: admin.key, signingKey, appApiKey, sandboxKey })
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

/** What the org's people would have made on Customer.io's pages. */
async function fillCustomerio({ apiKey, appApiKey, sandboxKey, signingKey }: DemoKeys): Promise<void> {
  const template = demoTemplate.templateId
  const account = demoAccount({ apiUrl: stack.apiUrl, org, template, apiKey, appApiKey, sandboxKey, signingKey })
  const response = await fetch(`${stack.customerio.controlUrl}/account`, {
    method: 'PUT',
    body: JSON.stringify(account),
  })
  if (!response.ok) throw new Error(`the stand-in for Customer.io answered ${response.status}`)
}

async function storeSecret(secret: OrgSecret): Promise<void> {
  const secrets = new SecretsManagerClient({})
  const Name = `${stack.outputs.OrgSecretPrefix}${org}`
  const SecretString = JSON.stringify(secret)
  try {
    await secrets.send(new CreateSecretCommand({ Name, SecretString }))
  } catch (error) {
    if (!(error instanceof ResourceExistsException)) throw error
    await secrets.send(new PutSecretValueCommand({ SecretId: Name, SecretString }))
  }
}

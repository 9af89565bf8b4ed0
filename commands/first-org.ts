// `npm run first-org -- --org <slug> --name <name> --email <address>`: makes an org, and the person as its admin and as an
// operator, who may make further orgs. Whatever is there already stays. Exits 2 when it was called wrongly or could not run.
import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { orgSlugSchema } from '../contract/ids.ts'
import { operatorGroup } from '../contract/member.ts'
import { titleSchema } from '../contract/settings.ts'
import { mintApiKey } from '../lambdas/domain/settings/api-key.ts'
import { makeOrg } from '../lambdas/domain/settings/make-org.ts'
import { makeChangeStore } from '../lambdas/store/changes.ts'
import { addMember } from './members.ts'
import { deployedPool, deployedTarget, localPool, localTarget } from './target.ts'

const usage =
  'npm run first-org -- --org <slug> --name <name> --email <address> [--password <for good>] [--outputs cdk-outputs.json | --ready-file .local-data/ready.json]'

async function firstOrg(): Promise<void> {
  const { values } = parseArgs({
    options: {
      org: { type: 'string' },
      name: { type: 'string' },
      email: { type: 'string' },
      password: { type: 'string' },
      'ready-file': { type: 'string', default: '.local-data/ready.json' },
      outputs: { type: 'string' },
    },
  })
  const [org, name] = [orgSlugSchema.safeParse(values.org), titleSchema.safeParse(values.name)]
  if (!org.success) throw new Error('--org must be a slug: lower-case letters, digits and dashes, at most 63')
  if (!name.success) throw new Error('--name must be a line of at most 200 characters')
  if (!/^[^\s@]+@[^\s@]+$/.test(values.email ?? '')) throw new Error('--email must be an e-mail address')
  const { dynamodb, tables } = values.outputs ? deployedTarget(values.outputs) : localTarget(values['ready-file'])
  const pool = values.outputs ? deployedPool(values.outputs) : localPool(values['ready-file'])

  const made = makeOrg(org.data, name.data)
  const terms = { scopes: ['admin' as const], createdAtMs: Date.now(), name: 'First key' }
  const { key, stored } = mintApiKey(pool.stage, terms, randomBytes)
  const entry = {
    atMs: Date.now(),
    who: 'command:first-org',
    action: 'first-org',
    what: 'settings',
    before: null,
    after: { ...made },
  }
  const written = await makeChangeStore(dynamodb, tables.settings).createOrg(made, stored, entry)
  const groups = [operatorGroup, `org:${org.data}:viewer`, `org:${org.data}:admin`]
  const person = { email: values.email ?? '', groups, ...(values.password && { password: values.password }) }
  const member = await addMember(new CognitoIdentityProviderClient(pool.client), pool.id, person)

  console.log(
    written === 'stored' ? `${org.data}: made. Its admin key, shown only now:\n  ${key}` : `${org.data}: there already`,
  )
  const how = values.password ? 'signs in with the password given' : 'gets a mail with a temporary password'
  console.log(`${person.email}: ${member === 'invited' ? how : 'there already'}; admin of ${org.data} and operator`)
}

try {
  await firstOrg()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  console.error(usage)
  process.exitCode = 2
}

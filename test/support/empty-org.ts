// An org on a running stack that has nothing set up at Customer.io yet, made as people make one: by the command for the first
// org, then by HTTP alone. It has keys of ours and one active template, connected to a campaign, and that is all.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { demoIntegration, demoTemplate, demoVariants } from '../../commands/demo-org.ts'
import { type OrgSlug, orgSlugSchema } from '../../contract/ids.ts'
import { call, type DemoStack, type HttpAnswer } from './local-stack.ts'

export interface EmptyOrg {
  readonly org: OrgSlug
  readonly apiKey: string
  readonly adminKey: string
  /** A route below the org's own path. */
  readonly manage: (method: string, path: string, body?: object) => Promise<HttpAnswer>
}

/** `connected`: to the demo's campaign. Results then say for two minutes that they are restated. */
export async function makeEmptyOrg(stack: DemoStack, slug: string, connected = true): Promise<EmptyOrg> {
  const org = orgSlugSchema.parse(slug)
  const target = ['--ready-file', stack.local.readyFile, '--org', slug, '--name', slug]
  const person = ['--email', `first@${slug}.test`, '--password', 'Long-enough-1']
  const made = await promisify(execFile)(process.execPath, ['commands/first-org.ts', ...target, ...person])
  const adminKey = keyIn(made.stdout)
  const manage = (method: string, path: string, body?: object) =>
    call(stack, `/api/orgs/${org}${path}`, {
      method,
      headers: { 'x-api-key': adminKey, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  const done = async (method: string, path: string, body: object): Promise<HttpAnswer> => {
    const answer = await manage(method, path, body)
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer
  }
  const apiKey = keyIn(JSON.stringify((await done('POST', '/keys', { scopes: ['generate'] })).body))
  const path = `/templates/${demoTemplate.templateId}`
  await done('PUT', path, { name: demoTemplate.name, split_mode: demoTemplate.splitMode })
  for (const { copyId, vars } of demoVariants) await done('POST', `${path}/variants`, { copy_id: copyId, vars })
  await done('PUT', path, { status: 'active' })
  const { source, webhookActionIds, controlActionIds } = demoIntegration
  if (connected)
    await done('PUT', `${path}/integration`, {
      sources: [{ source, webhook_action_ids: webhookActionIds, control_action_ids: controlActionIds }],
    })
  return { org, apiKey, adminKey, manage }
}

function keyIn(text: string): string {
  const key = /jai_dev_\w+/.exec(text)?.[0]
  if (key === undefined) throw new Error('no key was shown')
  return key
}

// `npm run rotate -- --org <org>`: shows how old every secret of an org is. `--keys` gives each API key older than `--days` a
// successor, shown once, and lets the old one live `--grace-hours` more; `--alerts` each secret that alerts are signed with, and the
// one before signs along for a day. `--signing-key-file` and `--app-key-file` store what Customer.io shows now; the signing key
// before it stays accepted. Again it changes nothing. Exits 0, or 2 when called wrongly.
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { makeAlertSecrets } from '../lambdas/clients/alert-secrets.ts'
import { makeOrgSecretWriter } from '../lambdas/clients/org-secret-writer.ts'
import { mintApiKey } from '../lambdas/domain/settings/api-key.ts'
import { isLive, showKey } from '../lambdas/domain/settings/show-key.ts'
import { putSettings } from '../lambdas/flows/manage/settings.ts'
import { makeAlertStore } from '../lambdas/store/alerts.ts'
import { makeManageStores } from '../lambdas/store/manage-stores.ts'
import { deploymentFlags, deploymentUsage, openDeployment, readOrg, runCommand } from './deployment.ts'
import { rotateAlertSecrets } from './rotate/alert-secrets.ts'

const usage = `npm run rotate -- --org <org> [--keys [--grace-hours 24]] [--alerts] [--days 90] [--signing-key-file <file>] [--app-key-file <file>] ${deploymentUsage}`
const who = 'command:rotate'
const hourMs = 3_600_000

await runCommand(usage, async () => {
  const options = {
    ...deploymentFlags,
    org: { type: 'string' },
    keys: { type: 'boolean', default: false },
    alerts: { type: 'boolean', default: false },
    days: { type: 'string', default: '90' },
    'grace-hours': { type: 'string', default: '24' },
    'signing-key-file': { type: 'string' },
    'app-key-file': { type: 'string' },
  } as const
  const { values } = parseArgs({ options })
  const org = readOrg(values.org)
  const days = readNumber('--days', values.days)
  const graceMs = readNumber('--grace-hours', values['grace-hours']) * hourMs
  const { dynamodb, secrets, tables, outputs } = openDeployment(values)
  const stores = makeManageStores(dynamodb, tables, Date.now)
  const nowMs = Date.now()
  const ageOf = (sinceMs: number) => `${Math.floor((nowMs - sinceMs) / (24 * hourMs))} days old`
  const found = await stores.findOrg(org)
  if (found === undefined) throw new Error(`there is no org ${org}`)
  const { appApiKey, signingKey, previousSigningKey } = found.customerio ?? {}
  for (const [name, facts] of Object.entries({ appApiKey, signingKey, previousSigningKey })) {
    console.log(`${name}: ${facts === undefined ? 'none' : `…${facts.lastFour}, ${ageOf(facts.sinceMs)}`}`)
  }

  const live = (await stores.listApiKeys(org)).filter((key) => isLive(key, nowMs))
  for (const key of live) {
    const isLeaving = key.expiresAtMs !== undefined && key.expiresAtMs <= nowMs + graceMs
    const isDue = values.keys && !isLeaving && nowMs - key.createdAtMs >= days * 24 * hourMs
    const then = isLeaving ? ', ends soon' : isDue ? ', gets a successor' : ''
    console.log(`API key ${key.keyId} (${key.scopes.join(' ')}): ${ageOf(key.createdAtMs)}${then}`)
    if (!isDue || values['dry-run']) continue
    const { scopes, name } = key
    const minted = mintApiKey(outputs.Stage, { scopes, createdAtMs: nowMs, ...(name && { name }) }, randomBytes)
    const entry = {
      atMs: nowMs,
      who,
      action: 'rotate',
      what: `key:${minted.stored.keyId}`,
      before: null,
      after: showKey(minted.stored),
    }
    // The successor first: a crash between leaves one key too many, never one too few.
    await stores.changeApiKey(org, undefined, minted.stored, entry)
    console.log(`  its successor, shown only now:\n  ${minted.key}`)
    const ending = { ...key, expiresAtMs: nowMs + graceMs }
    const ends = { ...entry, what: `key:${key.keyId}`, before: showKey(key), after: showKey(ending) }
    await stores.changeApiKey(org, key, ending, ends)
  }

  const alertDeps = {
    ...makeAlertStore(dynamodb, tables.settings),
    addAudit: stores.addAudit,
    secrets: makeAlertSecrets(secrets, outputs.AlertSecretPrefix),
    randomBytes,
    now: Date.now,
  }
  const dueMs = values.alerts ? days * 24 * hourMs : undefined
  await rotateAlertSecrets(alertDeps, org, {
    who,
    dueMs,
    isDryRun: values['dry-run'],
    say: (line) => console.log(line),
  })

  const change = {
    ...(values['signing-key-file'] !== undefined && { signing_key: readSecret(values['signing-key-file']) }),
    ...(values['app-key-file'] !== undefined && { app_api_key: readSecret(values['app-key-file']) }),
  }
  const stored = Object.keys(change).join(', ')
  if (stored !== '' && values['dry-run']) console.log(`would be stored: ${stored}`)
  else if (stored !== '') {
    const put = putSettings({
      ...stores,
      secrets: makeOrgSecretWriter(secrets, outputs.OrgSecretPrefix),
      apiUrl: '',
      now: Date.now,
      sendRestatement: async () => undefined,
      unsent: () => undefined,
    })
    const { signal } = new AbortController()
    await put({ org, who, action: 'rotate', path: {}, query: {}, body: change, signal })
    console.log(`stored: ${stored}; in force everywhere within five minutes`)
  }
  if (values['dry-run']) console.log('nothing was changed')
  return 0
})

/** A secret comes in a file, so that it stands in no history of a shell. */
function readSecret(file: string): string {
  return readFileSync(file, 'utf8').trim()
}

function readNumber(flag: string, text: string): number {
  const value = Number(text)
  if (Number.isFinite(value) && value >= 0) return value
  throw new Error(`${flag} must be a number from 0, saw ${JSON.stringify(text)}`)
}

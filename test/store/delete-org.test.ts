// Everything of an org leaves a table, wherever it stands, and nothing of an org whose name begins alike.
import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { expect, it } from 'vitest'
import { restatementId } from '../../lambdas/domain/measuring/restate.ts'
import { deleteOrgItems } from '../../lambdas/store/delete-org.ts'
import { makeRestatementStore } from '../../lambdas/store/restatements.ts'
import { openImportKey } from '../../lambdas/store/setting-keys.ts'
import { makeSettingsStore } from '../../lambdas/store/settings.ts'
import { orgOf } from '../support/copy-settings.ts'
import { makeTables } from '../support/dynamodb-local.ts'
import { orgNamed } from '../support/managed.ts'

it('also its imports that are open, and its restatements, which stand among those of all orgs', async () => {
  const { client, tables } = await makeTables()
  const scan = async () => (await client.send(new ScanCommand({ TableName: tables.settings }))).Items ?? []
  const fill = async (name: string) => {
    const org = orgOf(name)
    await makeSettingsStore(client, tables.settings).putOrg(orgNamed(name))
    await makeRestatementStore(client, tables.settings).request(org, { kind: 'metrics' }, 1)
    const Item = marshall({ ...openImportKey(org, '20261118T000000Z-0123456789abcdef'), ttl: 2_000_000_000 })
    await client.send(new PutItemCommand({ TableName: tables.settings, Item }))
  }
  await fill('acme-b')
  const others = await scan()
  expect(JSON.stringify(others)).toContain(restatementId({ kind: 'metrics' }))
  await fill('acme')
  const own = (await scan()).length - others.length
  expect(own).toBe(others.length)
  expect(await deleteOrgItems(client, tables.settings, orgOf('acme'), true)).toBe(own)
  expect(await deleteOrgItems(client, tables.settings, orgOf('acme'), false)).toBe(own)
  expect(await scan()).toEqual(others)
})

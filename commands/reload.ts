// `npm run reload -- --org <org> --import <id>`: has a dropped file loaded again, and follows it to its end. One that did not come
// to its end is taken up where it stands; one that did is dropped anew as it lies in the bucket, which changes only what is not as the
// file says. Exits 0 when it was loaded, 1 when it failed or rows were rejected, 2 when called wrongly.
import { parseArgs } from 'node:util'
import type { FileImport } from '../contract/import.ts'
import { makeFileStore } from '../lambdas/clients/file-store.ts'
import { makeWorkQueue } from '../lambdas/clients/work-queue.ts'
import { retakeImport } from '../lambdas/domain/files/describe-import.ts'
import { nameImport } from '../lambdas/domain/files/name-file.ts'
import type { Notice } from '../lambdas/domain/files/read-notice.ts'
import { makeImportStore } from '../lambdas/store/imports.ts'
import { deploymentFlags, deploymentUsage, openDeployment, readOrg, runCommand } from './deployment.ts'
import { followImport } from './recovery/follow-import.ts'

const usage = `npm run reload -- --org <org> [--import <id>; without it the latest 20 are listed] ${deploymentUsage}`

await runCommand(usage, async () => {
  const options = { ...deploymentFlags, org: { type: 'string' }, import: { type: 'string' } } as const
  const { values } = parseArgs({ options })
  const org = readOrg(values.org)
  const { dynamodb, sqs, s3, tables, outputs } = openDeployment(values)
  const imports = makeImportStore(dynamodb, tables.settings)
  if (values.import === undefined) {
    const { imports: latest } = await imports.list(org, 20)
    for (const { importId, status, key } of latest) console.log(`${importId}  ${status}  ${key}`)
    if (latest.length === 0) console.log(`${org}: no file was dropped`)
    return 0
  }
  const found = await imports.find(org, values.import)
  if (found === undefined) throw new Error(`${org} has no import ${JSON.stringify(values.import)}`)
  const retaken = retakeImport(found, Date.now())
  const what = retaken === undefined ? 'is dropped anew' : `is taken up from ${found.status}`
  if (values['dry-run']) {
    console.log(`${found.key}: ${found.status}; it would be loaded again, that is, it ${what}; nothing was changed`)
    return 0
  }
  if (retaken === undefined) {
    // Read and written again: a copy of an object onto itself is held to 5 GB, and is no new version everywhere.
    const files = makeFileStore(s3, outputs.DataBucketName)
    const version = await files.head(found.key)
    if (version === undefined) throw new Error(`${found.key} is not in the bucket any more`)
    await files.putStream(found.key, files.read(version))
    const dropped = await files.head(found.key)
    if (dropped === undefined) throw new Error(`${found.key} is not in the bucket after it was written`)
    console.log(`${found.key} ${what}`)
    return tell(await followImport(imports, org, nameImport(dropped)))
  }
  await imports.replace(retaken, [found.status])
  const notices = makeWorkQueue<Notice>(sqs, outputs.FileNoticesQueueUrl)
  await notices.send(org, [{ kind: 'plan', key: found.key, importId: found.importId }])
  console.log(`${found.key} ${what}`)
  return tell(await followImport(imports, org, found.importId))
})

/** @returns the exit code */
function tell({ importId, status, counts, problems }: FileImport): number {
  const { rows = 0, accepted = 0, duplicate = 0, changed = 0, unchanged = 0, rejected = 0 } = counts ?? {}
  const became = `${accepted} accepted, ${changed} changed, ${unchanged} as they were, ${duplicate} twice, ${rejected} rejected`
  console.log(`${importId} ${status}: ${rows} rows: ${became}`)
  for (const { code, message } of problems) console.log(`  ${code}: ${message}`)
  return status === 'complete' || status === 'superseded' ? 0 : 1
}

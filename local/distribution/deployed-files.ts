// What the stack's bucket deployments put into a bucket: files of assets, chosen by their filters, with the values filled in
// that only the deployment knows.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { findText, listAt, recordAt, textAt, textsAt } from '../json.ts'
import { LocalProblem } from '../problem.ts'
import type { Assembly } from '../template/assembly.ts'
import type { Resource, Stack } from '../template/stack.ts'

export type DeployedFile = { readonly body: Buffer; readonly cacheControl: string | undefined }
export type DeployedFiles = ReadonlyMap<string, DeployedFile>

/** As `aws s3 sync` reads it: `*` stands for any text, slashes too. */
const matches = (pattern: string, path: string): boolean =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(path)

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())

/** The files of all deployments into one bucket; a later deployment overwrites an earlier one's. */
export const deployedFiles = (stack: Stack, assembly: Assembly, bucketName: string): DeployedFiles => {
  const files = new Map<string, DeployedFile>()
  for (const deployment of stack.of('Custom::CDKBucketDeployment'))
    if (textAt(deployment.properties, 'DestinationBucketName') === bucketName)
      for (const [path, file] of filesOf(deployment, assembly)) files.set(path, file)
  return files
}

const filesOf = ({ id, properties }: Resource, assembly: Assembly): [string, DeployedFile][] => {
  const [excluded, included] = [textsAt(properties, 'Exclude'), textsAt(properties, 'Include')]
  const isMeant = (path: string): boolean =>
    included.some((pattern) => matches(pattern, path)) || !excluded.some((pattern) => matches(pattern, path))
  const cacheControl = findText(properties, 'SystemMetadata', 'cache-control')
  const markers = listAt(properties, 'SourceMarkers')
  return textsAt(properties, 'SourceObjectKeys').flatMap((key, index) => {
    const folder = assembly.assetPaths.get(key.replace(/\.zip$/, ''))
    if (folder === undefined)
      throw new LocalProblem(`The deployment ${id} takes ${key}, which is not an asset of the synthesized app.`)
    const values = Object.entries(recordAt(markers[index]))
    const fill = (body: Buffer): Buffer =>
      values.length === 0
        ? body
        : Buffer.from(values.reduce((text, [marker, value]) => text.replaceAll(marker, textAt(value)), body.toString()))
    return filesIn(folder)
      .map((path) => [relative(folder, path), path] as const)
      .filter(([name]) => isMeant(name))
      .map(([name, path]): [string, DeployedFile] => [name, { body: fill(readFileSync(path)), cacheControl }])
  })
}

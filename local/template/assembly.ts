// Reads what `cdk synth` wrote: the one stack's template and where the code of its functions lies. It resolves nothing.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { findText, isRecord, type Json, type JsonRecord, listAt, parseJson, recordAt, textAt } from '../json.ts'
import { LocalProblem } from '../problem.ts'

export type Assembly = {
  readonly stackName: string
  readonly template: JsonRecord
  /** Asset hash -> absolute path of the asset's folder or file. */
  readonly assetPaths: ReadonlyMap<string, string>
  /** Logical id -> construct path below the stack, e.g. `Events/Table/Resource`. */
  readonly constructPaths: ReadonlyMap<string, string>
}

type StackArtifact = { readonly dir: string; readonly id: string; readonly artifact: Json }

const readJson = (path: string): Json => parseJson(readFileSync(path, 'utf8'))

const stacksIn = (dir: string): StackArtifact[] =>
  Object.entries(recordAt(readJson(join(dir, 'manifest.json')), 'artifacts')).flatMap(([id, artifact]) => {
    if (artifact === undefined) return []
    const type = findText(artifact, 'type')
    if (type === 'cdk:cloud-assembly') return stacksIn(join(dir, textAt(artifact, 'properties', 'directoryName')))
    return type === 'aws:cloudformation:stack' ? [{ dir, id, artifact }] : []
  })

const assetPathsIn = (dir: string, stackId: string): Map<string, string> => {
  const path = join(dir, `${stackId}.assets.json`)
  const files = existsSync(path) ? recordAt(readJson(path), 'files') : {}
  return new Map(Object.entries(files).map(([hash, file]) => [hash, resolve(dir, textAt(file, 'source', 'path'))]))
}

/** CDK notes the paths in the manifest, in a file beside it, or (if asked to) in the template. */
const constructPathsIn = ({ dir, artifact }: StackArtifact, template: JsonRecord): Map<string, string> => {
  const beside = findText(artifact, 'additionalMetadataFile')
  const noted = {
    ...recordAt(artifact, 'metadata'),
    ...(beside === undefined ? {} : recordAt(readJson(join(dir, beside)))),
  }
  const paths = new Map<string, string>()
  for (const [path, entries] of Object.entries(noted))
    for (const entry of listAt(entries))
      if (findText(entry, 'type') === 'aws:cdk:logicalId')
        paths.set(textAt(entry, 'data'), path.split('/').slice(2).join('/'))
  for (const [id, resource] of Object.entries(recordAt(template, 'Resources'))) {
    const path = findText(resource, 'Metadata', 'aws:cdk:path')
    if (path !== undefined) paths.set(id, path.split('/').slice(1).join('/'))
  }
  return paths
}

/** Opens a synthesized CDK app that has exactly one stack; throws LocalProblem when there is none. */
export const readAssembly = (appDir: string): Assembly => {
  if (!existsSync(join(appDir, 'manifest.json')))
    throw new LocalProblem(
      `No synthesized app was found in ${appDir} (it has no manifest.json): run \`cdk synth\` first, or name its folder with --app.`,
    )
  const stacks = stacksIn(appDir)
  const [stack] = stacks
  if (stack === undefined || stacks.length > 1)
    throw new LocalProblem(
      `The app in ${appDir} has ${stacks.length} stacks (${stacks.map((each) => each.id).join(', ')}); the local deployment takes exactly one.`,
    )
  const properties = recordAt(stack.artifact, 'properties')
  const template = readJson(join(stack.dir, textAt(properties, 'templateFile')))
  if (!isRecord(template)) throw new LocalProblem(`The template of ${stack.id} in ${appDir} is not a JSON object.`)
  return {
    stackName: findText(properties, 'stackName') ?? stack.id,
    template,
    assetPaths: assetPathsIn(stack.dir, stack.id),
    constructPaths: constructPathsIn(stack, template),
  }
}

// The stack of a stage, made in this process, and ways to look into its template. The command line is tested elsewhere.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import * as z from 'zod/mini'
import cdk from '../../cdk.json' with { type: 'json' }
import { type StageName, stages } from '../../lib/config.ts'
import { JustAiStack } from '../../lib/stack.ts'

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z._default(z.record(z.string(), z.unknown()), {}),
  DependsOn: z.optional(z.array(z.string())),
  DeletionPolicy: z.optional(z.string()),
  UpdateReplacePolicy: z.optional(z.string()),
})
const templateSchema = z.object({
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z.record(z.string(), z.object({ Value: z.unknown() })),
})
export type Template = z.infer<typeof templateSchema>

/** The app as `bin/app.ts` makes it, without the checks that CDK itself makes of templates: `synth.test.ts` has them. */
export function makeApp(stage: StageName, outdir?: string): { app: App; stack: JustAiStack } {
  const app = new App({
    context: cdk.context,
    analyticsReporting: cdk.versionReporting,
    builtinCloudFormationValidation: false,
    ...(outdir !== undefined && { outdir }),
  })
  return { app, stack: new JustAiStack(app, `justai-${stage}`, { stage: stages[stage] }) }
}

const made = new Map<StageName, Template>()

/** The template of a stage, made once per test file. */
export function templateOf(stage: StageName): Template {
  const known = made.get(stage)
  if (known !== undefined) return known
  const outdir = mkdtempSync(join(tmpdir(), 'synthesized-'))
  try {
    const { app, stack } = makeApp(stage, outdir)
    const template = templateSchema.parse(app.synth().getStackArtifact(stack.artifactId).template)
    made.set(stage, template)
    return template
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}

/** The resources of one type by their logical id. */
export function resourcesOf(template: Template, type: string) {
  return new Map(Object.entries(template.Resources).filter(([, resource]) => resource.Type === type))
}

/** The properties of the resource of a logical id. */
export function propertiesOf(template: Template, id: string): Record<string, unknown> {
  const resource = template.Resources[id]
  if (resource === undefined) throw new Error(`The template has no ${id}, only ${Object.keys(template.Resources)}`)
  return resource.Properties
}

/** The only resource of a type. */
export function onlyOf(template: Template, type: string, idPrefix = '') {
  const [first, ...others] = [...resourcesOf(template, type)].filter(([id]) => id.startsWith(idPrefix))
  if (first === undefined || others.length > 0) throw new Error(`Expected one ${type}, saw ${others.length + 1}`)
  return { id: first[0], properties: first[1].Properties }
}

/** The only event source of a function. */
export function mappingOf(template: Template, functionName: string) {
  const mappings = [...resourcesOf(template, 'AWS::Lambda::EventSourceMapping')].filter(
    ([, { Properties }]) => referenceOf(Properties.FunctionName) === functionName,
  )
  const [first, ...others] = mappings
  if (first === undefined || others.length > 0) throw new Error(`Expected one event source, saw ${mappings.length}`)
  return { id: first[0], properties: first[1].Properties }
}

/** What a value refers to, when it is a `Ref` or `Fn::GetAtt`: `EventsTable`, `EventsTable.Arn`. */
export function referenceOf(value: unknown): string | undefined {
  const ref = z.object({ Ref: z.string() }).safeParse(value)
  if (ref.success) return ref.data.Ref
  const attribute = z.object({ 'Fn::GetAtt': z.array(z.string()) }).safeParse(value)
  return attribute.success ? attribute.data['Fn::GetAtt'].join('.') : undefined
}

// The template's CloudFront distribution as data: which path goes where, with which headers. Its server is server.ts.
import { Script } from 'node:vm'
import { findText, isRecord, type JsonRecord, listAt, recordAt, textAt, textsAt } from '../json.ts'
import { LocalProblem } from '../problem.ts'
import type { Assembly } from '../template/assembly.ts'
import type { Resource, Stack } from '../template/stack.ts'
import { type DeployedFiles, deployedFiles } from './deployed-files.ts'

export type Origin =
  | { readonly kind: 'files'; readonly files: DeployedFiles }
  | { readonly kind: 'http'; readonly url: string }
export type Behaviour = {
  /** `*` for the default one. */
  readonly pathPattern: string
  readonly origin: Origin
  readonly methods: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  /** What a viewer's path becomes before the origin sees it. */
  readonly rewrite: (uri: string) => string
}
export type Distribution = { readonly rootObject: string; readonly behaviours: readonly Behaviour[] }

/** Reads the stack's distribution; undefined when it has none, LocalProblem when it has several. */
export const findDistribution = (stack: Stack, assembly: Assembly): Distribution | undefined => {
  const found = stack.of('AWS::CloudFront::Distribution')
  const [distribution] = found
  if (distribution === undefined) return undefined
  if (found.length > 1)
    throw new LocalProblem(`The template has ${found.length} distributions; the local deployment serves exactly one.`)
  const config = recordAt(distribution.properties, 'DistributionConfig')
  const origins = new Map(
    listAt(config, 'Origins').map((origin) => [textAt(origin, 'Id'), originOf(recordAt(origin), stack, assembly)]),
  )
  const behaviourOf = (behaviour: JsonRecord): Behaviour => {
    const origin = origins.get(textAt(behaviour, 'TargetOriginId'))
    if (origin === undefined) throw new LocalProblem(`${distribution.id} names an origin that it does not have.`)
    return {
      pathPattern: findText(behaviour, 'PathPattern') ?? '*',
      origin,
      methods: textsAt(behaviour, 'AllowedMethods'),
      headers: headersOf(stack, findText(behaviour, 'ResponseHeadersPolicyId')),
      rewrite: rewriteOf(stack, behaviour),
    }
  }
  const [named, byDefault] = [listAt(config, 'CacheBehaviors'), recordAt(config, 'DefaultCacheBehavior')]
  return {
    rootObject: findText(config, 'DefaultRootObject') ?? '',
    behaviours: [...named.map((behaviour) => recordAt(behaviour)), byDefault].map(behaviourOf),
  }
}

const originOf = (origin: JsonRecord, stack: Stack, assembly: Assembly): Origin => {
  const domain = textAt(origin, 'DomainName')
  if (isRecord(origin.CustomOriginConfig)) return { kind: 'http', url: `http://${domain}` }
  const bucket = stack.of('AWS::S3::Bucket').find(({ name }) => domain.startsWith(`${name}.s3.`))
  if (bucket === undefined) throw new LocalProblem(`The distribution's origin ${domain} is no bucket of the stack.`)
  return { kind: 'files', files: deployedFiles(stack, assembly, bucket.name) }
}

/** Headers that a policy adds; those it would only add when the origin has none are not told apart. */
const headersOf = (stack: Stack, policyId: string | undefined): Record<string, string> => {
  const policy = stack
    .of('AWS::CloudFront::ResponseHeadersPolicy')
    .find(({ id }: Resource) => stack.ref(id) === policyId)
  const config = recordAt(policy?.properties, 'ResponseHeadersPolicyConfig')
  const security = recordAt(config, 'SecurityHeadersConfig')
  const custom = listAt(config, 'CustomHeadersConfig', 'Items').map((item) => [
    textAt(item, 'Header'),
    textAt(item, 'Value'),
  ])
  const transport = recordAt(security, 'StrictTransportSecurity')
  const maxAge = findText(transport, 'AccessControlMaxAgeSec')
  const subdomains = findText(transport, 'IncludeSubdomains') === 'true' ? '; includeSubDomains' : ''
  const known: Record<string, string | undefined> = {
    'content-security-policy': findText(security, 'ContentSecurityPolicy', 'ContentSecurityPolicy'),
    'x-content-type-options': isRecord(security.ContentTypeOptions) ? 'nosniff' : undefined,
    'x-frame-options': findText(security, 'FrameOptions', 'FrameOption'),
    'referrer-policy': findText(security, 'ReferrerPolicy', 'ReferrerPolicy'),
    'strict-transport-security': maxAge === undefined ? undefined : `max-age=${maxAge}${subdomains}`,
  }
  const given = Object.entries(known).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  return Object.fromEntries([...given, ...custom])
}

/** Runs the behaviour's own function, as CloudFront does before it looks for the path. */
const rewriteOf = (stack: Stack, behaviour: JsonRecord): ((uri: string) => string) => {
  const [association] = listAt(behaviour, 'FunctionAssociations')
  if (association === undefined) return (uri) => uri
  const arn = textAt(association, 'FunctionARN')
  const edge = stack.of('AWS::CloudFront::Function').find(({ name }) => arn.endsWith(`:function/${name}`))
  if (edge === undefined) throw new LocalProblem(`The distribution uses the function ${arn}, which is not there.`)
  const script = new Script(`${textAt(edge.properties, 'FunctionCode')}\nhandler(event).uri`)
  return (uri) => String(script.runInNewContext({ event: { request: { uri, method: 'GET' } } }))
}

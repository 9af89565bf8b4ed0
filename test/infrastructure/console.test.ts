// The console as it is deployed: who may read its files, over what, with which headers, and how much a first page loads.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { signedInPath } from '../../contract/member.ts'
import { stageNames } from '../../lib/config.ts'
import { consoleFiles } from '../../lib/console-files.ts'
import { onlyOf, propertiesOf, referenceOf, resourcesOf, templateOf } from './synthesized.ts'

const prod = templateOf('prod')
const bucket = propertiesOf(prod, 'ConsoleBucket')
const record = z.record(z.string(), z.unknown())
const config = record.parse(propertiesOf(prod, 'ConsoleDistribution').DistributionConfig)
const byDefault = record.parse(config.DefaultCacheBehavior)
const [api] = z.array(record).parse(config.CacheBehaviors)

describe('the bucket', () => {
  it('is closed to everybody, encrypted, and nobody owns what is in it but the bucket', () => {
    expect(bucket.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    })
    expect(bucket.OwnershipControls).toEqual({ Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] })
    expect(bucket.BucketEncryption).toBeDefined()
    expect(bucket.WebsiteConfiguration).toBeUndefined()
  })

  it('lets only this distribution read objects, and nobody in without TLS 1.2', () => {
    const policies = [...resourcesOf(prod, 'AWS::S3::BucketPolicy').values()].map(({ Properties }) => Properties)
    const policy = policies.find((one) => referenceOf(one.Bucket) === 'ConsoleBucket')
    const { Statement } = z.object({ Statement: z.array(record) }).parse(policy?.PolicyDocument)
    const allowed = Statement.filter(({ Effect }) => Effect === 'Allow')
    expect(allowed).toHaveLength(1)
    expect(allowed[0]).toMatchObject({ Action: 's3:GetObject', Principal: { Service: 'cloudfront.amazonaws.com' } })
    expect(JSON.stringify(allowed[0]?.Condition)).toContain('{"Ref":"ConsoleDistribution"}')
    const denied = Statement.filter(({ Effect }) => Effect === 'Deny').map(({ Condition }) => Condition)
    expect(denied).toEqual([
      { Bool: { 'aws:SecureTransport': 'false' } },
      { NumericLessThan: { 's3:TlsVersion': 1.2 } },
    ])
  })

  it('is reached by signed requests of an origin access control', () => {
    const { properties } = onlyOf(prod, 'AWS::CloudFront::OriginAccessControl')
    expect(properties.OriginAccessControlConfig).toMatchObject({ SigningBehavior: 'always', SigningProtocol: 'sigv4' })
  })
})

describe('the distribution', () => {
  it('serves over HTTPS only, and the API nowhere else than below /api/', () => {
    expect(byDefault.ViewerProtocolPolicy).toBe('redirect-to-https')
    expect(api).toMatchObject({ PathPattern: '/api/*', ViewerProtocolPolicy: 'https-only' })
    expect(z.array(record).parse(config.CacheBehaviors)).toHaveLength(1)
  })

  it('speaks HTTPS with the API, keeps none of its answers, and hands on what the caller sent', () => {
    const origins = z.array(record).parse(config.Origins)
    const origin = origins.find(({ Id }) => Id === api?.TargetOriginId)
    expect(origin?.CustomOriginConfig).toMatchObject({ OriginProtocolPolicy: 'https-only' })
    // The ids of AWS's policies CachingDisabled and AllViewerExceptHostHeader, which are the same in every account.
    expect(api?.CachePolicyId).toBe('4135ea2d-6df8-44a3-9df3-4b5a84be39ad')
    expect(api?.OriginRequestPolicyId).toBe('b689b0a8-53d0-40ab-baf2-68738e2966ac')
    expect(api?.AllowedMethods).toEqual(expect.arrayContaining(['GET', 'POST', 'PUT', 'DELETE']))
  })

  it('answers every page with the one document, and files with themselves', async () => {
    const { properties } = onlyOf(prod, 'AWS::CloudFront::Function')
    const url = `data:text/javascript,${encodeURIComponent(`export ${properties.FunctionCode}`)}`
    const { handler } = await import(/* @vite-ignore */ url)
    const uriOf = (uri: string) => handler({ request: { uri } }).uri
    for (const page of ['/', '/acme', '/acme/templates/welcome_email', '/signed-in'])
      expect(uriOf(page)).toBe('/index.html')
    for (const file of ['/assets/index-abc123.js', '/config.json', '/icon.svg']) expect(uriOf(file)).toBe(file)
  })
})

describe('the headers', () => {
  const { properties } = onlyOf(prod, 'AWS::CloudFront::ResponseHeadersPolicy')
  const text = JSON.stringify(properties)

  it('belong to every file of the console', () => {
    expect(referenceOf(byDefault.ResponseHeadersPolicyId)).toBe(
      onlyOf(prod, 'AWS::CloudFront::ResponseHeadersPolicy').id,
    )
  })

  it('let scripts come from our own files and from nowhere else, and nobody frame a page', () => {
    for (const rule of ["default-src 'none'", "script-src 'self';", "base-uri 'none'", "frame-ancestors 'none'"])
      expect(text).toContain(rule)
    expect(text).not.toMatch(/script-src[^;]*unsafe/)
    expect(text).not.toMatch(/-src[^;]*\*/)
  })

  it('let a page reach the bucket of files, which it puts files into by signed addresses', () => {
    expect(text).toMatch(/connect-src 'self' [^;]*\{"Fn::GetAtt":\["DataBucket","RegionalDomainName"\]\}/)
  })

  it('keep browsers on HTTPS for two years and from guessing types', () => {
    expect(text).toContain('"AccessControlMaxAgeSec":63072000')
    expect(text).toContain('"ContentTypeOptions":{"Override":true}')
    expect(text).toContain('"ReferrerPolicy":"no-referrer"')
  })
})

describe('the deployment', () => {
  const uploads = [...resourcesOf(prod, 'Custom::CDKBucketDeployment').values()].map(({ Properties }) => Properties)

  it('lets files named by their content be kept for ever, and asks for everything else every time', () => {
    expect(uploads.map(({ Exclude, Include, SystemMetadata }) => ({ Exclude, Include, SystemMetadata }))).toEqual([
      {
        Exclude: ['*'],
        Include: ['assets/*'],
        SystemMetadata: { 'cache-control': 'public, max-age=31536000, immutable' },
      },
      { Exclude: ['assets/*', '.vite/*'], Include: undefined, SystemMetadata: { 'cache-control': 'no-cache' } },
    ])
  })

  it('writes down the issuer and the client of the stage, which no file has built in', () => {
    const values = JSON.stringify(uploads.map(({ SourceMarkers }) => SourceMarkers))
    expect(values).toContain('{"Fn::GetAtt":["UserPool","ProviderURL"]}')
    expect(values).toContain('{"Ref":"UserPoolClient"}')
  })

  it.each(stageNames)('lets a sign-in come back to the console and nowhere else but to a developer in %s', (stage) => {
    const { CallbackURLs } = propertiesOf(templateOf(stage), 'UserPoolClient')
    const [site, ...others] = z.array(z.unknown()).parse(CallbackURLs)
    expect(JSON.stringify(site)).toContain('"ConsoleDistribution","DomainName"')
    expect(JSON.stringify(site)).toContain(signedInPath)
    expect(others).toEqual(stage === 'dev' ? [`http://localhost:5173${signedInPath}`] : [])
  })
})

describe('the files', () => {
  const folder = consoleFiles()
  const chunkSchema = z.object({
    file: z.string(),
    isEntry: z.optional(z.boolean()),
    imports: z._default(z.array(z.string()), []),
    css: z._default(z.array(z.string()), []),
  })
  const manifest = z
    .record(z.string(), chunkSchema)
    .parse(JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')))

  const entry = Object.keys(manifest).filter((key) => manifest[key]?.isEntry)

  /** What a browser loads to show the document with these chunks, compressed. */
  function bytesOf(...chunks: readonly string[]): number {
    const seen = new Set<string>()
    const visit = (key: string) => {
      if (seen.has(key)) return
      seen.add(key)
      manifest[key]?.imports.forEach(visit)
    }
    ;[...entry, ...chunks].forEach(visit)
    const files = new Set([...seen].flatMap((key) => [manifest[key]?.file ?? '', ...(manifest[key]?.css ?? [])]))
    return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0)
  }
  const pages = Object.keys(manifest).filter((key) => /^pages\/.*\.tsx$/.test(key) && !key.endsWith('/day-chart.tsx'))

  it('weigh at most 300 KB compressed for whichever page comes first, script and style together, without the chart', () => {
    expect(entry).toHaveLength(1)
    expect(pages).toContain('pages/templates/templates.tsx')
    const heavy = pages.map((page) => [page, bytesOf(page)] as const).filter(([, bytes]) => bytes > 300_000)
    expect(heavy).toEqual([])
  })

  it('hold no script that is written into the document', () => {
    const html = readFileSync(join(folder, 'index.html'), 'utf8')
    expect(html.match(/<script(?![^>]* src=)/g)).toBeNull()
    expect(html).not.toMatch(/ on\w+=/)
    expect(existsSync(join(folder, 'config.json'))).toBe(false)
  })

  it('name no address of a stage', () => {
    const scripts = readdirSync(join(folder, 'assets')).filter((name) => name.endsWith('.js'))
    const text = scripts.map((name) => readFileSync(join(folder, 'assets', name), 'utf8')).join('\n')
    expect(text).not.toMatch(/amazonaws\.com|amazoncognito\.com|cloudfront\.net/)
  })
})

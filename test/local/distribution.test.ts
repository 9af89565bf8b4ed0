// What stands for CloudFront: files with the template's headers, pages by its function, the API handed on, values filled in.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findDistribution } from '../../local/distribution/distribution.ts'
import { makeDistributionListener } from '../../local/distribution/server.ts'
import { listen } from '../../local/gate/gate.ts'
import { readAssembly } from '../../local/template/assembly.ts'
import { openStack } from '../../local/template/stack.ts'

const folder = mkdtempSync(join(tmpdir(), 'distribution-'))
const api = createServer((request, response) => {
  response.writeHead(403, { 'content-type': 'application/json', 'x-seen': `${request.headers.authorization}` })
  response.end(JSON.stringify({ method: request.method, url: request.url }))
})
let site = createServer()
let url = ''

function writeApp(apiPort: number): void {
  for (const [path, text] of Object.entries({
    'site/index.html': '<h1>console</h1>',
    'site/assets/main-1.js': 'main',
    'site/notes.txt': 'not for anybody',
    'values/config.json': '{"issuer":"<<marker>>"}',
  })) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const upload = (properties: object) => ({ Type: 'Custom::CDKBucketDeployment', Properties: properties })
  const Resources = {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: {} },
    Assets: upload({
      SourceObjectKeys: ['site.zip'],
      DestinationBucketName: { Ref: 'Bucket' },
      Exclude: ['*'],
      Include: ['assets/*'],
      SystemMetadata: { 'cache-control': 'immutable' },
    }),
    Document: upload({
      SourceObjectKeys: ['site.zip', 'values.zip'],
      SourceMarkers: [
        {},
        { '<<marker>>': { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': ['Site', 'DomainName'] }]] } },
      ],
      DestinationBucketName: { Ref: 'Bucket' },
      Exclude: ['assets/*', 'notes*'],
    }),
    Pages: {
      Type: 'AWS::CloudFront::Function',
      Properties: {
        Name: 'pages',
        FunctionCode:
          "function handler(event) { if (!event.request.uri.includes('.')) event.request.uri = '/index.html'; return event.request }",
      },
    },
    Headers: {
      Type: 'AWS::CloudFront::ResponseHeadersPolicy',
      Properties: {
        ResponseHeadersPolicyConfig: {
          SecurityHeadersConfig: {
            ContentSecurityPolicy: { ContentSecurityPolicy: "default-src 'none'" },
            ContentTypeOptions: { Override: true },
          },
          CustomHeadersConfig: { Items: [{ Header: 'x-own', Value: 'yes' }] },
        },
      },
    },
    Site: {
      Type: 'AWS::CloudFront::Distribution',
      Properties: {
        DistributionConfig: {
          DefaultRootObject: 'index.html',
          Origins: [
            { Id: 'files', DomainName: { 'Fn::GetAtt': ['Bucket', 'RegionalDomainName'] }, S3OriginConfig: {} },
            {
              Id: 'api',
              DomainName: `127.0.0.1:${apiPort}`,
              CustomOriginConfig: { OriginProtocolPolicy: 'https-only' },
            },
          ],
          DefaultCacheBehavior: {
            TargetOriginId: 'files',
            AllowedMethods: ['GET', 'HEAD'],
            ResponseHeadersPolicyId: { Ref: 'Headers' },
            FunctionAssociations: [{ FunctionARN: { 'Fn::GetAtt': ['Pages', 'FunctionARN'] } }],
          },
          CacheBehaviors: [{ PathPattern: '/api/*', TargetOriginId: 'api', AllowedMethods: ['GET', 'POST'] }],
        },
      },
    },
  }
  const properties = { templateFile: 'Only.template.json', stackName: 'only-dev' }
  const files = { site: { source: { path: 'site' } }, values: { source: { path: 'values' } } }
  writeFileSync(
    join(folder, 'manifest.json'),
    JSON.stringify({ artifacts: { Only: { type: 'aws:cloudformation:stack', properties } } }),
  )
  writeFileSync(join(folder, 'Only.template.json'), JSON.stringify({ Resources }))
  writeFileSync(join(folder, 'Only.assets.json'), JSON.stringify({ files }))
}

beforeAll(async () => {
  writeApp(await listen(api, 0))
  const assembly = readAssembly(folder)
  const world = {
    apiUrl: '',
    consoleUrl: 'http://127.0.0.1:4101',
    gateUrl: '',
    signInUrl: '',
    streamArn: () => '',
    standIns: new Map<string, string>(),
  }
  const distribution = findDistribution(openStack(assembly, world), assembly)
  if (distribution === undefined) throw new Error('There is no distribution in the template.')
  site = createServer(makeDistributionListener(distribution))
  url = `http://127.0.0.1:${await listen(site, 0)}`
})
afterAll(() => {
  site.close()
  api.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('the distribution', () => {
  it('answers pages with the one document, under the headers of the template', async () => {
    for (const page of ['/', '/acme/templates', '/index.html']) {
      const answer = await fetch(`${url}${page}`)
      expect(await answer.text()).toBe('<h1>console</h1>')
      expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'")
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('x-own')).toBe('yes')
    }
  })

  it('serves what the deployments put there, chosen by their filters, with their cache control', async () => {
    const script = await fetch(`${url}/assets/main-1.js`)
    expect([await script.text(), script.headers.get('cache-control')]).toEqual(['main', 'immutable'])
    expect(script.headers.get('content-type')).toBe('text/javascript')
    expect((await fetch(`${url}/notes.txt`)).status).toBe(403)
    expect((await fetch(`${url}/assets/none.js`)).status).toBe(403)
  })

  it('fills in what only the deployment knows, without TLS where it has none', async () => {
    expect(await (await fetch(`${url}/config.json`)).json()).toEqual({ issuer: 'http://127.0.0.1:4101' })
  })

  it('hands the API on with everything that was sent, and its refusals back as they are', async () => {
    const answer = await fetch(`${url}/api/x?y=1`, {
      method: 'POST',
      headers: { authorization: 'Bearer t' },
      body: '{}',
    })
    expect([answer.status, answer.headers.get('x-seen')]).toEqual([403, 'Bearer t'])
    expect(await answer.json()).toEqual({ method: 'POST', url: '/api/x?y=1' })
  })

  it('takes no other method than the template says', async () => {
    expect((await fetch(`${url}/index.html`, { method: 'POST' })).status).toBe(403)
    expect((await fetch(`${url}/api/x`, { method: 'DELETE' })).status).toBe(403)
  })

  it('does not leave its files, whatever the path', async () => {
    for (const path of ['/%2e%2e/manifest.json', '/assets/..%2f..%2fmanifest.json', '/%zz.js'])
      expect((await fetch(`${url}${path}`)).status).toBe(403)
  })
})

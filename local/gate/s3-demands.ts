// S3's REST protocol: method, path and query -> the action and resource that IAM would check.
import type { Demand } from './demand.ts'

export type S3Address = { readonly bucket: string; readonly key: string; readonly query: URLSearchParams }

/** Finds bucket and key: in the path, or the bucket in the host (`<bucket>.localhost`, `<bucket>.s3.localhost`). */
export const s3Address = (url: string, host: string): S3Address => {
  const [path = '/', search = ''] = url.split('?', 2)
  const hostBucket = /^(.+?)(?:\.s3(?:[.-][\w-]+)?)?\.localhost(?::\d+)?$/.exec(host)?.[1]
  const parts = path.slice(1).split('/')
  const bucket = hostBucket ?? parts.shift() ?? ''
  return { bucket, key: decodeURIComponent(parts.join('/')), query: new URLSearchParams(search) }
}

const objectAction = (method: string, query: URLSearchParams): string => {
  if (query.has('uploadId'))
    return method === 'DELETE' ? 'AbortMultipartUpload' : method === 'GET' ? 'ListMultipartUploadParts' : 'PutObject'
  const noun = query.has('tagging') ? 'ObjectTagging' : query.has('acl') ? 'ObjectAcl' : 'Object'
  const version = query.has('versionId') && noun === 'Object' ? 'Version' : ''
  return `${method === 'GET' || method === 'HEAD' ? 'Get' : method === 'DELETE' ? 'Delete' : 'Put'}${noun}${version}`
}

const bucketAction = (method: string, query: URLSearchParams): string => {
  if (method === 'PUT') return 'CreateBucket'
  if (method === 'DELETE') return 'DeleteBucket'
  if (query.has('uploads')) return 'ListBucketMultipartUploads'
  if (query.has('versions')) return 'ListBucketVersions'
  return query.has('location') ? 'GetBucketLocation' : 'ListBucket'
}

/** Keys named in a multi-object delete. */
const keysIn = (xml: string): string[] =>
  [...xml.matchAll(/<Key>([^<]*)<\/Key>/g)].map((match) =>
    (match[1] ?? '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&apos;', "'")
      .replaceAll('&amp;', '&'),
  )

/** The demands of one S3 request; `body` is needed for a multi-object delete alone. */
export const s3Demands = (
  method: string,
  { bucket, key, query }: S3Address,
  copySource: string | undefined,
  body: string,
): { operation: string; demands: Demand[] } => {
  const object = (objectKey: string): string => `arn:aws:s3:::${bucket}/${objectKey}`
  if (bucket === '')
    return { operation: 'ListAllMyBuckets', demands: [{ action: 's3:ListAllMyBuckets', resource: '*' }] }
  if (key === '' && method === 'POST')
    return {
      operation: 'DeleteObjects',
      demands: keysIn(body).map((each) => ({ action: 's3:DeleteObject', resource: object(each) })),
    }
  if (key === '') {
    const action = bucketAction(method, query)
    const prefix = query.get('prefix')
    const context = action === 'ListBucket' ? { context: { 's3:prefix': [prefix ?? ''] } } : {}
    return { operation: action, demands: [{ action: `s3:${action}`, resource: `arn:aws:s3:::${bucket}`, ...context }] }
  }
  const action = objectAction(method, query)
  const source =
    copySource === undefined
      ? []
      : [
          {
            action: 's3:GetObject',
            resource: `arn:aws:s3:::${decodeURIComponent(copySource).replace(/^\//, '').split('?')[0]}`,
          },
        ]
  return { operation: action, demands: [{ action: `s3:${action}`, resource: object(key) }, ...source] }
}

// Signed addresses in the stage's bucket: whoever has one may put one object, or read one, for a while, and nothing else.
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'

export interface FileLinks {
  /** One PUT of so many bytes of this type: both are signed, so that S3 refuses any other. */
  readonly toPut: (object: { key: string; contentType: string; bytes: number }, seconds: number) => Promise<string>
  /** Gives the object to a browser as a file to keep. */
  readonly toGet: (key: string, seconds: number) => Promise<string>
}

/** Signing is arithmetic with the function's own credentials: nothing is called. */
export function makeFileLinks(bucket: string): FileLinks {
  // The SDK would otherwise sign a checksum of the body, which is empty while it is signed.
  const client = new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' })
  return {
    toPut({ key, contentType, bytes }, expiresIn) {
      const object = { Bucket: bucket, Key: key, ContentType: contentType, ContentLength: bytes }
      const signableHeaders = new Set(['host', 'content-type', 'content-length'])
      return getSignedUrl(client, new PutObjectCommand(object), { expiresIn, signableHeaders })
    },

    toGet(key, expiresIn) {
      const name = encodeURIComponent(key.slice(key.lastIndexOf('/') + 1))
      const ResponseContentDisposition = `attachment; filename*=UTF-8''${name}`
      return getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: key, ResponseContentDisposition }), {
        expiresIn,
      })
    },
  }
}

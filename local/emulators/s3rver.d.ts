// The little of s3rver's surface that the engine uses; the package ships no types.
declare module '@20minutes/s3rver' {
  import type { EventEmitter } from 'node:events'
  import type { AddressInfo } from 'node:net'

  type S3rverOptions = {
    address?: string
    port?: number
    silent?: boolean
    directory?: string
    vhostBuckets?: boolean
    configureBuckets?: readonly { name: string; configs?: readonly string[] }[]
  }
  class S3rver extends EventEmitter {
    constructor(options: S3rverOptions)
    run(): Promise<AddressInfo>
    close(): Promise<void>
    readonly httpServer: import('node:http').Server
  }
  export = S3rver
}

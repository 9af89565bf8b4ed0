// Takes the SDK's aws-chunked framing (chunk sizes, signatures, trailing checksum) off a body, for an emulator that
// stores the bytes as they come. Checksums and signatures are not verified.
import { Transform, type TransformCallback } from 'node:stream'

const CR_LF = Buffer.from('\r\n')

export const makeChunkDecoder = (): Transform => {
  let pending: Buffer = Buffer.alloc(0)
  let dataBytes = 0
  let ended = false

  const step = (decoder: Transform): boolean => {
    if (ended) return false
    if (dataBytes > 0) {
      if (pending.length === 0) return false
      const data = pending.subarray(0, dataBytes)
      decoder.push(data)
      dataBytes -= data.length
      pending = pending.subarray(data.length)
      return true
    }
    if (pending.subarray(0, 2).equals(CR_LF)) pending = pending.subarray(2)
    const end = pending.indexOf(CR_LF)
    if (end < 0 || pending.length < 2) return false
    dataBytes = Number.parseInt(pending.subarray(0, end).toString('latin1'), 16)
    pending = pending.subarray(end + 2)
    // The chunk of size 0 ends the data; what follows are trailers.
    if (dataBytes === 0) ended = true
    return true
  }

  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      if (ended) return done()
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
      while (step(this)) {}
      done()
    },
  })
}

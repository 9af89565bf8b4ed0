// Writes an object of unknown length: in one call when it is small, else by parts, so that one part is held at a time.
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'

/** S3 takes parts from 5 MiB, and 10,000 of them: 80 GB. */
const partBytes = 8_388_608

/** @throws what the SDK or `pieces` throw; an upload that was begun is then aborted */
export async function putStream(
  client: S3Client,
  bucket: string,
  key: string,
  pieces: AsyncIterable<Uint8Array>,
): Promise<void> {
  const target = { Bucket: bucket, Key: key }
  let held: Uint8Array[] = []
  let heldBytes = 0
  let uploadId: string | undefined
  const parts: { PartNumber: number; ETag: string | undefined }[] = []
  const sendPart = async () => {
    uploadId ??= (await client.send(new CreateMultipartUploadCommand(target))).UploadId
    const PartNumber = parts.length + 1
    const part = { ...target, UploadId: uploadId, PartNumber, Body: Buffer.concat(held) }
    parts.push({ PartNumber, ETag: (await client.send(new UploadPartCommand(part))).ETag })
    held = []
    heldBytes = 0
  }
  try {
    for await (const piece of pieces) {
      held.push(piece)
      heldBytes += piece.byteLength
      if (heldBytes >= partBytes) await sendPart()
    }
    if (uploadId === undefined) {
      await client.send(new PutObjectCommand({ ...target, Body: Buffer.concat(held) }))
      return
    }
    if (heldBytes > 0) await sendPart()
    const whole = { ...target, UploadId: uploadId, MultipartUpload: { Parts: parts } }
    await client.send(new CompleteMultipartUploadCommand(whole))
  } catch (error) {
    if (uploadId !== undefined) await client.send(new AbortMultipartUploadCommand({ ...target, UploadId: uploadId }))
    throw error
  }
}

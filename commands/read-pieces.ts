// A file on this machine, piece by piece.
import { createReadStream } from 'node:fs'

/** @throws what the file system says when the file cannot be read */
export async function* readPieces(path: string): AsyncGenerator<Uint8Array> {
  for await (const piece of createReadStream(path)) yield piece
}

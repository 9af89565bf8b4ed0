// Puts a file where a signed address says, straight into the bucket. The API never sees its bytes.

export interface Place {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** `onPart` hears the part that is there, 0 to 1. @throws Error with a sentence for the person */
export function putFile(file: File, { url, headers }: Place, onPart: (part: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    // fetch does not tell how far an upload is.
    const request = new XMLHttpRequest()
    request.open('PUT', url)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.upload.addEventListener('progress', ({ loaded, total }) => onPart(total === 0 ? 0 : loaded / total))
    request.addEventListener('load', () => {
      if (request.status >= 200 && request.status < 300) resolve()
      else
        reject(new Error(`The bucket refused the file (${request.status}). Drop it again to get a new place for it.`))
    })
    request.addEventListener('error', () =>
      reject(new Error('The file could not be sent. Check the connection, then try again.')),
    )
    request.send(file)
  })
}

// Hands a text over as a file. The address is of this page and ends with it.

export function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // Later, because some browsers start reading only after the click was handled.
  setTimeout(() => URL.revokeObjectURL(url), 1_000)
}

// A line that says how far things are; on a terminal it is drawn over, elsewhere a line now and then.
const width = 30
const everyMs = 5_000

export function makeProgress(write: (text: string) => void = (text) => process.stderr.write(text)) {
  const isTerminal = process.stderr.isTTY === true
  let lastMs = 0
  return {
    bar(done: number, all: number, what: string): void {
      const nowMs = performance.now()
      if (done < all && nowMs - lastMs < (isTerminal ? 100 : everyMs)) return
      lastMs = nowMs
      const filled = Math.round((done / Math.max(1, all)) * width)
      const line = `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${done} of ${all} ${what}`
      write(isTerminal ? `\r${line}${done === all ? '\n' : ''}` : `${line}\n`)
    },
    say(text: string): void {
      const nowMs = performance.now()
      if (nowMs - lastMs < (isTerminal ? 100 : everyMs)) return
      lastMs = nowMs
      write(isTerminal ? `\r${text}   ` : `${text}\n`)
    },
  }
}

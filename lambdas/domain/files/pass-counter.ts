// One pass over the looks at a file's rows: gathers those whose ids fall to it, in memory of a fixed size, and counts each id
// by the look at it that beats the others.
import type { PassCount } from '../../../contract/import.ts'
import { bytesPerLook, type Look, looks } from './count-rows.ts'

/** How many more ids than their share may fall to a pass; by chance it is never more than a thousandth. */
const spareShare = 0.1
const spareLooks = 65_536

/** The high and low halves of a look lie as every machine that Lambda has reads them: low half first. */
export class PassCounter {
  readonly #sorted: BigUint64Array
  readonly #halves: Uint32Array
  readonly #pass: number
  readonly #passes: number
  #used = 0

  /** `goodRows`: all rows of the file that have looks. */
  constructor(pass: number, passes: number, goodRows: number) {
    const share = Math.ceil((goodRows / passes) * (1 + spareShare)) + spareLooks
    this.#sorted = new BigUint64Array(Math.min(goodRows, share))
    this.#halves = new Uint32Array(this.#sorted.buffer)
    this.#pass = pass
    this.#passes = passes
  }

  /** The looks at a range, as they were packed. @throws RangeError when there are more than was said */
  add(packed: Uint8Array): void {
    const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
    const halves = this.#halves
    for (let at = 0; at + bytesPerLook <= packed.byteLength; at += bytesPerLook) {
      const high = view.getUint32(at)
      if ((high >>> 16) % this.#passes !== this.#pass) continue
      if (this.#used === this.#sorted.length) this.#makeRoom()
      halves[this.#used * 2] = view.getUint32(at + 4)
      halves[this.#used * 2 + 1] = high
      this.#used++
    }
  }

  count(): Pick<PassCount, Look> {
    this.#keepFirst()
    const count = { none: 0, other: 0, same: 0 }
    for (let at = 0; at < this.#used; at++) count[looks[(this.#halves[at * 2] ?? 0) & 0b11] ?? 'none']++
    return count
  }

  /** Rows that say one id again and again need no more room than one. */
  #makeRoom(): void {
    this.#keepFirst()
    if (this.#used > this.#sorted.length * 0.99) throw new RangeError('There are more looks than rows')
  }

  /** Sorts by name, then by what was seen, and keeps the first of each name. */
  #keepFirst(): void {
    const halves = this.#halves
    this.#sorted.subarray(0, this.#used).sort()
    let kept = 0
    let [lastHigh, lastLow] = [-1, -1]
    for (let at = 0; at < this.#used; at++) {
      const [low = 0, high = 0] = [halves[at * 2], halves[at * 2 + 1]]
      const name = low >>> 2
      if (high === lastHigh && name === lastLow) continue
      halves[kept * 2] = low
      halves[kept * 2 + 1] = high
      kept++
      lastHigh = high
      lastLow = name
    }
    this.#used = kept
  }
}

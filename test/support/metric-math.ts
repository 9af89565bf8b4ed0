// The part of CloudWatch's metric math that our alarms use, on one value per metric: FILL, IF, comparisons and arithmetic.
// Where a value is missing, so is what is made of it; what it does not know it refuses.

/** `undefined`: there is no data. @throws on anything that is not understood */
export function evaluateMath(expression: string, values: ReadonlyMap<string, number | undefined>): number | undefined {
  const tokens = expression.match(/[A-Za-z_]\w*|\d+(?:\.\d+)?|>=|<=|[-+*/(),<>]/g) ?? []
  if (tokens.join('') !== expression.replaceAll(/\s/g, '')) throw new Error(`metric math: cannot read ${expression}`)
  const reader = new Reader(tokens, values)
  return reader.readAll()
}

type Value = number | undefined
const levels: Readonly<Record<string, (a: number, b: number) => number>>[] = [
  {
    '>=': (a, b) => Number(a >= b),
    '<=': (a, b) => Number(a <= b),
    '>': (a, b) => Number(a > b),
    '<': (a, b) => Number(a < b),
  },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  { '*': (a, b) => a * b, '/': (a, b) => a / b },
]

class Reader {
  #at = 0
  readonly #tokens: readonly string[]
  readonly #values: ReadonlyMap<string, Value>

  constructor(tokens: readonly string[], values: ReadonlyMap<string, Value>) {
    this.#tokens = tokens
    this.#values = values
  }

  readAll(): Value {
    const value = this.#level(0)
    if (this.#at < this.#tokens.length) throw new Error(`metric math: unexpected ${this.#tokens[this.#at]}`)
    return value
  }

  #level(depth: number): Value {
    const operators = levels[depth]
    if (operators === undefined) return this.#term()
    let left = this.#level(depth + 1)
    for (let operate = operators[this.#peek()]; operate !== undefined; operate = operators[this.#peek()]) {
      this.#at++
      const right = this.#level(depth + 1)
      left = left === undefined || right === undefined ? undefined : operate(left, right)
    }
    return left
  }

  #term(): Value {
    const token = this.#tokens[this.#at++] ?? 'the end'
    if (token === '(') return this.#until([')'])[0]
    if (/^\d/.test(token)) return Number(token)
    if (this.#peek() === '(') {
      this.#at++
      return call(token, this.#until([')']))
    }
    if (!this.#values.has(token)) throw new Error(`metric math: no metric ${token}`)
    return this.#values.get(token)
  }

  /** Values between commas, up to a closing parenthesis. */
  #until(ends: readonly string[]): Value[] {
    const values: Value[] = []
    for (;;) {
      values.push(this.#level(0))
      const next = this.#tokens[this.#at++] ?? 'the end'
      if (ends.includes(next)) return values
      if (next !== ',') throw new Error(`metric math: unexpected ${next}`)
    }
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? ''
  }
}

function call(name: string, [first, second, third]: readonly Value[]): Value {
  if (name === 'FILL') return first ?? second
  if (name === 'IF') return first === undefined ? undefined : first !== 0 ? second : third
  throw new Error(`metric math: no function ${name}`)
}

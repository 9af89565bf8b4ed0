// Runs consumers one step at a time, so that a test decides who reads and who writes next; and tries every order of their
// steps in which something could differ.
import { setImmediate } from 'node:timers/promises'

/** What a step touches. Only two steps of which one writes what the other touches can differ by their order. */
export interface Step {
  readonly name: string
  readonly touches: 'events' | 'customs' | 'outcomes'
  readonly writes: boolean
}

/** One consumer, standing before a step of its own or at its end. */
export class Gated {
  readonly #waiting: { readonly step: Step; readonly perform: () => Promise<void> }[] = []
  #ended = false
  #failure: unknown

  /** Called by the consumer for every step: waits for its turn. */
  readonly pass = <T>(step: Step, task: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const perform = () => task().then(resolve, reject)
      this.#waiting.push({ step, perform })
    })

  /** Lets the consumer run until it stands before its first step. */
  async start(program: () => Promise<void>): Promise<void> {
    program()
      .catch((error: unknown) => {
        this.#failure = error
      })
      .finally(() => {
        this.#ended = true
      })
    await this.#settle()
  }

  /** The step it would take next; undefined at its end. @throws what the consumer threw */
  get next(): Step | undefined {
    if (this.#failure !== undefined) throw this.#failure
    return this.#waiting[0]?.step
  }

  async advance(): Promise<void> {
    await this.#waiting.shift()?.perform()
    await this.#settle()
  }

  /** Steps until the step of this name is the next, or to the end. */
  async advanceTo(name?: string): Promise<void> {
    while (this.next !== undefined && this.next.name !== name) await this.advance()
  }

  /** Between its steps a consumer only computes, so a few turns of the event loop bring it to the next one. */
  async #settle(): Promise<void> {
    for (let turns = 0; turns < 3; turns++) await setImmediate()
    if (this.#waiting.length === 0 && !this.#ended) throw new Error('a consumer waits for something that is no step')
  }
}

export interface Schedule {
  /** Whose step each was, as in `ABBA`. */
  readonly turns: string
  readonly steps: readonly string[]
}

interface Choice {
  readonly taken: number
  readonly options: readonly number[]
}

/**
 * Plays a fresh pair of consumers through every order of their steps. Of orders that differ only in steps that cannot
 * matter to one another, one is played.
 * @param visit is told each order once both have ended; false ends the search
 */
export async function exploreSchedules(
  setUp: () => Promise<readonly [Gated, Gated]>,
  visit: (schedule: Schedule) => Promise<boolean>,
): Promise<number> {
  let prefix: number[] | undefined = []
  let played = 0
  while (prefix !== undefined) {
    const { choices, steps, redundant } = await playOne(await setUp(), prefix)
    if (!redundant) {
      played++
      const turns = choices.map(({ taken }) => 'AB'[taken]).join('')
      if (!(await visit({ turns, steps }))) return played
    }
    prefix = nextPrefix(choices)
  }
  return played
}

/** Takes the turns of `prefix` and then always the first option. */
async function playOne(consumers: readonly [Gated, Gated], prefix: readonly number[]) {
  const choices: Choice[] = []
  const steps: string[] = []
  let last: { readonly by: number; readonly step: Step } | undefined
  while (true) {
    const able = [0, 1].filter((at) => consumers[at]?.next !== undefined)
    const options = able.filter((at) => !couldHaveGoneFirst(at, consumers[at]?.next, last))
    const taken = prefix[choices.length] ?? options[0]
    if (taken === undefined) {
      // What is left could have gone before: that order is played elsewhere.
      for (const consumer of consumers) await consumer.advanceTo()
      return { choices, steps, redundant: able.length > 0 }
    }
    const step = consumers[taken]?.next
    if (step === undefined) throw new Error('the consumers took other steps than the last time')
    choices.push({ taken, options })
    steps.push(`${'AB'[taken]} ${step.name}`)
    last = { by: taken, step }
    await consumers[taken]?.advance()
  }
}

/** True for A's step right after one of B's that it cannot matter to: A before B is the order that is kept. */
function couldHaveGoneFirst(at: number, step: Step | undefined, last: { by: number; step: Step } | undefined): boolean {
  if (step === undefined || last === undefined || at >= last.by) return false
  return step.touches !== last.step.touches || !(step.writes || last.step.writes)
}

/** The turns that lead to the last choice with an option not yet taken. */
function nextPrefix(choices: readonly Choice[]): number[] | undefined {
  for (let at = choices.length - 1; at >= 0; at--) {
    const choice = choices[at]
    const other = choice?.options.find((option) => option > choice.taken)
    if (other !== undefined) return [...choices.slice(0, at).map(({ taken }) => taken), other]
  }
  return undefined
}

// The decision as a word and a colour.
import type { ResultsAnswer } from '../../../contract/results.ts'

type Decided = ResultsAnswer['decision']['decision']

export const decisionLooks: Readonly<Record<Decided, { readonly colour: string; readonly word: string }>> = {
  ready_to_ship: { colour: 'green', word: 'ready to ship' },
  keep_running: { colour: 'blue', word: 'keep running' },
  stop: { colour: 'red', word: 'stop' },
  cannot_tell: { colour: 'yellow', word: 'cannot tell' },
}

// Results as a file for a spreadsheet.
import { expect, it } from 'vitest'
import { resultsCsv } from '../../console/pages/results/results-csv.ts'
import type { ArmResult, ResultsAnswer } from '../../contract/results.ts'

const join = { journey: 0, latest: 0, none: 0 }
const arm = (copy_id: string | null, choice: ArmResult['choice'], events: ArmResult['events'] = {}): ArmResult => ({
  arm: copy_id === null ? 'control' : 'treatment',
  copy_id,
  choice,
  counts: { sent: 10 },
  events,
  rate: 0.5,
  rates: {},
  join,
})
const lift = { value: 0.25, lower: -0.1, upper: 0.6, adjusted_p: 0.2, chance_to_beat_control: 0.9 }

it('has a line for each entry, and the lift beside the copies that are compared alone', () => {
  const events = { 'buy, now': { sends: 2, events: 3, value: { EUR: '12.50' }, squares: {} } }
  const results = {
    template_id: 't',
    metric: 'converted',
    from: '2026-11-01',
    to: '2026-11-02',
    arms: [arm('warm', 'drawn', events), arm('warm', 'forced'), arm(null, 'drawn')],
    comparison: { control: { n: 10, mean: 0.4 }, copies: [{ copy_id: 'warm', n: 9, lift }] },
  } as unknown as ResultsAnswer
  expect(resultsCsv(results).split('\r\n')).toEqual([
    'template,from,to,arm,copy,choice,sent,"buy, now: sends","buy, now: events","buy, now: EUR",converted per send,sends compared,lift,lift from,lift to,chance to beat control,p after all comparisons',
    't,2026-11-01,2026-11-02,treatment,warm,drawn,10,2,3,12.50,0.5,9,0.25,-0.1,0.6,0.9,0.2',
    't,2026-11-01,2026-11-02,treatment,warm,forced,10,0,0,0,0.5,,,,,,',
    't,2026-11-01,2026-11-02,control,,drawn,10,0,0,0,0.5,,,,,,',
    '',
  ])
})

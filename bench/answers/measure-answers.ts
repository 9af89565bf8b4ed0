// What the first answer of the results route costs in a fresh process, over a long test: reading its rows, and all the rest.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import * as z from 'zod/mini'
import { maxComparisonCpuMs } from '../aims.ts'
import { type Figure, fact, limited, median } from '../figure.ts'
import { days, eventName, variants } from './results-rows.ts'

const takenSchema = z.object({ readMs: z.number(), otherMs: z.number() })
const processes = 11

export function measureAnswers(tell: (progress: string) => void): Figure[] {
  return ['human_clicked', eventName].flatMap((metric) => {
    tell(`answers: ${processes} fresh processes, ${metric}`)
    const taken = Array.from({ length: processes }, () => answerOnce(metric))
    const all = taken.map(({ readMs, otherMs }) => readMs + otherMs)
    const name = `first answer of results, ${metric}, ${variants} variants x ${days} days`
    return [
      limited(`${name}: all of it`, median(all), 'ms CPU', maxComparisonCpuMs),
      // Others on the machine only add: the least is the nearest to what it takes alone.
      fact(`${name}: all of it, the least of ${processes}`, Math.min(...all), 'ms CPU'),
      fact(`${name}: reading rows`, median(taken.map(({ readMs }) => readMs)), 'ms CPU'),
      fact(`${name}: summing up, comparing, judging, writing`, median(taken.map(({ otherMs }) => otherMs)), 'ms CPU'),
    ]
  })
}

function answerOnce(metric: string): z.infer<typeof takenSchema> {
  const file = fileURLToPath(new URL('./first-answer.ts', import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', file, metric], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`no answer: ${stderr}`)
  return takenSchema.parse(JSON.parse(stdout))
}

// Whatever happens and however it arrives, the results are what the oracle says. `EXACTNESS_SCRIPTS` sets how many scripts
// are played (default 320), `EXACTNESS_SEED` which ones.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { orgSlugSchema } from '../../contract/ids.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { type Script, scripts } from '../support/script.ts'
import { compareResults, compareTotals, countLeftOver } from '../support/script-check.ts'
import { playScript } from '../support/script-run.ts'

const seed = Number(process.env.EXACTNESS_SEED ?? Math.floor(Math.random() * 2 ** 31))
const scriptCount = Number(process.env.EXACTNESS_SCRIPTS ?? 320)
/** Scripts played at once. */
const lanes = 8
/** Candidates that are tried for a smaller script once one has failed. */
const mostShrinks = 80
/** A recount reads whole tables, so they are not left to grow. */
const scriptsPerTables = 10

console.log(`seed ${seed}, replay with EXACTNESS_SEED=${seed} (${scriptCount} scripts)`)

describe.concurrent('however events arrive', () => {
  for (let lane = 0; lane < lanes; lane++) {
    test(`results are what the oracle says, scripts ${lane + 1} of every ${lanes}`, {
      timeout: 3_600_000,
    }, async () => {
      const playFresh = makePlayer(lane)
      let shrinks = -1
      const property = fc.asyncProperty(scripts, async (script) => {
        if (shrinks >= mostShrinks) return
        if (shrinks >= 0) shrinks++
        try {
          await playFresh(script)
        } catch (error) {
          shrinks = Math.max(shrinks, 0)
          throw error
        }
      })
      await fc.assert(property, { seed: seed + lane, numRuns: Math.ceil(scriptCount / lanes) })
    })
  }
})

/** Plays each script for an org of its own and holds it to the oracle. */
function makePlayer(lane: number): (script: Script) => Promise<void> {
  let played = 0
  let database: Promise<TestDatabase> | undefined
  return async (script) => {
    if (played++ % scriptsPerTables === 0) database = makeTables()
    const tables = await (database ?? makeTables())
    const org = orgSlugSchema.parse(`org-${lane}-${played}`)
    await playScript(script, tables, org)
    const results = await compareResults(script, tables, org)
    expect(results.found).toEqual(results.expected)
    const totals = await compareTotals(script, tables, org)
    expect(totals.found).toEqual(totals.expected)
    expect(await countLeftOver(script, tables, org)).toBe(0)
  }
}

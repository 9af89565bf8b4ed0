// Takes bodies out of the quarantine that mention a person by any of their names, page by page.
import { mentions } from '../../domain/measuring/erase.ts'
import { inLanes } from '../in-lanes.ts'
import { advance, count, type EraseDeps, eraseLanes, type Step, type Stepped } from './erase-deps.ts'

/** Bodies may be megabytes: few at once. */
const bodiesAtOnce = 20

export async function eraseSetAside({ quarantine }: EraseDeps, { org, erasure }: Step): Promise<Stepped> {
  const { bodies, next } = await quarantine.list(org, bodiesAtOnce, erasure.next)
  const removed = await inLanes(bodies, eraseLanes, async ({ digest }) => {
    const found = await quarantine.find(org, digest)
    if (found === undefined || !mentions(Buffer.from(found.bytes).toString('utf8'), erasure.names)) return 0
    await quarantine.remove(org, digest)
    return 1
  })
  const sums = { set_aside: removed.reduce((total: number, each) => total + each, 0) }
  return { erasure: next === undefined ? advance(erasure, 'loading', sums) : { ...count(erasure, sums), next } }
}

// `node bench/files/large.ts [--ready-file …] [--large-mb 100] [--small-mb 1]`: two orgs drop at once, one file a hundred times
// the other, into a deployment of `npm start` that has both orgs; tells when each is loaded and how much memory every function's
// process took at most. Before that it plans 5 GB (`--plan-gb`) and counts 32 million rows (`--count-millions`) that are made up on
// the way, in this process. Not part of `npm run bench`: it takes minutes.
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { localBucket, localTarget } from '../../commands/target.ts'
import { orgSlugSchema } from '../../contract/ids.ts'
import type { ImportStatus } from '../../contract/import.ts'
import { fileRangeBytes } from '../../contract/limits.ts'
import { makeFileStore } from '../../lambdas/clients/file-store.ts'
import { bytesPerLook, passesFor, sumPasses } from '../../lambdas/domain/files/count-rows.ts'
import { RangeCutter } from '../../lambdas/domain/files/cut-ranges.ts'
import { nameImport } from '../../lambdas/domain/files/name-file.ts'
import { PassCounter } from '../../lambdas/domain/files/pass-counter.ts'
import { makeImportStore } from '../../lambdas/store/imports.ts'
import { makeSettingsStore } from '../../lambdas/store/settings.ts'

const { values } = parseArgs({
  options: {
    'ready-file': { type: 'string', default: '.local-data/ready.json' },
    'large-mb': { type: 'string', default: '100' },
    'small-mb': { type: 'string', default: '1' },
    'plan-gb': { type: 'string', default: '5' },
    'count-millions': { type: 'string', default: '32' },
  },
})
const megabyte = 1_000_000
const header = 'event_id,name,user_id,timestamp,value,note\n'
/** Rows of about 1 kB. */
const padding = 'x'.repeat(940)
const rowsPerPiece = 1_000
const ended: readonly ImportStatus[] = ['complete', 'complete_with_errors', 'failed', 'superseded']

function* makePieces(bytes: number): Generator<Buffer> {
  yield Buffer.from(header)
  let made = 0
  for (let first = 0; made < bytes; first += rowsPerPiece) {
    const rows = Array.from({ length: rowsPerPiece }, (_, at) => {
      const n = first + at
      return `,purchase,p${n % 5_000},${1_795_000_000 + n},1.5,"${n}, ${padding}"\n`
    })
    const piece = Buffer.from(rows.join(''))
    made += piece.byteLength
    yield piece
  }
}

async function* drip(bytes: number): AsyncGenerator<Uint8Array> {
  yield* makePieces(bytes)
}

function plan(bytes: number): void {
  const startedMs = performance.now()
  const cutter = new RangeCutter('csv', fileRangeBytes)
  let peakBytes = 0
  let planned = 0
  let cuttingMs = 0
  for (const piece of makePieces(bytes)) {
    const cutMs = performance.now()
    cutter.push(piece.toString('latin1'), false)
    cuttingMs += performance.now() - cutMs
    planned += piece.byteLength
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss())
  }
  cutter.push('', true)
  const seconds = (performance.now() - startedMs) / 1_000
  console.log(
    `planned ${planned / megabyte} MB: ${cutter.ranges.length} ranges in ${seconds.toFixed(1)} s, of it ${(cuttingMs / 1_000).toFixed(1)} s cutting; at most ${Math.round(peakBytes / megabyte)} MB resident`,
  )
}

/** The last step of a large import without its reads: the looks of ranges of 7,000 rows, in as many passes as it takes. */
function count(good: number): void {
  const startedMs = performance.now()
  const rowsPerRange = 7_000
  const [ranges, passes] = [Math.ceil(good / rowsPerRange), passesFor(good)]
  const counts = Array.from({ length: passes }, (_, pass) => {
    const counter = new PassCounter(pass, passes, good)
    for (let row = 0; row < good; row += rowsPerRange) {
      counter.add(randomBytes(bytesPerLook * Math.min(rowsPerRange, good - row)))
    }
    return counter.count()
  })
  const { rows } = sumPasses({ good, rejected: 0 }, counts)
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1)
  const resident = Math.round(process.memoryUsage.rss() / megabyte)
  console.log(`counted ${rows} rows of ${ranges} ranges in ${passes} passes: ${seconds} s; ${resident} MB resident`)
}

/** Peak resident size of the local functions' processes, by name, in MB. Linux only. */
function readPeaks(): Map<string, number> {
  const peaks = new Map<string, number>()
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const name = /AWS_LAMBDA_FUNCTION_NAME=([^\0]+)/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.[1]
      const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
      if (name === undefined || peak === undefined) continue
      peaks.set(name, Math.max(peaks.get(name) ?? 0, Math.round(Number(peak) / 1_000)))
    } catch {
      // Ended meanwhile, or somebody else's.
    }
  }
  return peaks
}

async function loadBoth(): Promise<void> {
  const { dynamodb, tables } = localTarget(values['ready-file'])
  const { s3, bucket } = localBucket(values['ready-file'])
  const files = makeFileStore(s3, bucket)
  const imports = makeImportStore(dynamodb, tables.settings)
  const settings = makeSettingsStore(dynamodb, tables.settings)
  const orgs = { large: orgSlugSchema.parse('acme'), small: orgSlugSchema.parse('small') }
  const acme = await settings.findOrg(orgs.large)
  if (acme === undefined) throw new Error('there is no org acme: is it the deployment of `npm start`?')
  await settings.putOrg({ ...acme, org: orgs.small })
  const startedMs = performance.now()
  const drop = async (size: 'large' | 'small') => {
    const key = `incoming/${orgs[size]}/events/dt=2026-11-18/${size}.csv`
    await files.putStream(key, drip(Number(values[`${size}-mb`]) * megabyte))
    const version = await files.head(key)
    if (version === undefined) throw new Error('the file is not in the bucket after it was written')
    const droppedMs = performance.now()
    for (;;) {
      const found = await imports.find(orgs[size], nameImport(version))
      if (found !== undefined && ended.includes(found.status)) {
        const took = ((performance.now() - droppedMs) / 1_000).toFixed(1)
        const since = ((performance.now() - startedMs) / 1_000).toFixed(1)
        console.log(
          `${size}: ${version.sizeBytes / megabyte} MB ${found.status} ${took} s after it was there, ${since} s in all`,
        )
        console.log(`  ${JSON.stringify(found.counts)}`)
        return
      }
      await setTimeout(250)
    }
  }
  const large = drop('large')
  // The large one is loading by then.
  await setTimeout(8_000)
  await drop('small')
  await large
  for (const [name, megabytes] of readPeaks()) console.log(`${name}: at most ${megabytes} MB resident`)
}

if (Number(values['plan-gb']) > 0) plan(Number(values['plan-gb']) * 1_000 * megabyte)
if (Number(values['count-millions']) > 0) count(Number(values['count-millions']) * 1_000_000)
if (Number(values['large-mb']) > 0) await loadBoth()

// Figures about every handler's bundle: what a cold start reads, and how long its import takes, against the SDK alone.
import { bundle } from '../../lib/bundle.ts'
import { maxRatio } from '../aims.ts'
import { compared, type Figure, fact } from '../figure.ts'
import { bareOf, entryFile, entryOf, sizeOf } from './bundle-size.ts'
import { timeImports } from './import-time.ts'

const importPairs = 21

export function measureSizes(tell: (progress: string) => void): Figure[] {
  return Object.entries(bareOf).flatMap(([handler, bare]) => {
    tell(`${handler}: size and import`)
    const source = entryOf(handler)
    const own = sizeOf(bundle(source))
    const lazy = fact(`${handler}: bundle, imported lazily`, own.lazyBytes, 'bytes')
    if (bare === undefined) return [fact(`${handler}: bundle (no SDK)`, own.staticBytes, 'bytes'), lazy]
    const sizes = [{ ours: own.staticBytes, bare: sizeOf(bundle(bare)).staticBytes }]
    const imports = timeImports(entryFile(source), entryFile(bare), importPairs)
    return [
      compared(`${handler}: bundle`, 'bytes', sizes, maxRatio),
      lazy,
      compared(`${handler}: import, wall`, 'ms', imports.wallMs, maxRatio),
      compared(`${handler}: import, CPU`, 'ms', imports.cpuMs, maxRatio),
    ]
  })
}

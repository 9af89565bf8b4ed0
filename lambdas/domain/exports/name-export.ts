// Where the files of exports stand in the bucket. A version has folders of its own, so that a new one touches no old one.
import { type Dataset, datasets } from '../../../contract/export-columns.ts'
import type { OrgSlug } from '../../../contract/ids.ts'

export const exportsPrefix = 'exports/'

/** All versions of one dataset of a day. */
function dayFolder(org: OrgSlug, dataset: Dataset | 'manifests' | 'totals', day: string): string {
  return `${exportsPrefix}${org}/${dataset}/dt=${day}/`
}

/** The name of the file says all of it, so that files of several days lie beside one another. */
export function exportKey(org: OrgSlug, dataset: Dataset, day: string, version: number, part: number): string {
  const file = `${dataset}-${day}-v${version}-${String(part).padStart(5, '0')}.parquet`
  return `${dayFolder(org, dataset, day)}v=${version}/${file}`
}

/** Written when every file of the version stands. */
export function manifestKey(org: OrgSlug, day: string, version: number): string {
  return `${dayFolder(org, 'manifests', day)}v=${version}.json`
}

/** What the results said before the version was written, and what each of its parts adds up to. */
export function totalsKey(org: OrgSlug, day: string, version: number, part: number | 'before'): string {
  const name = part === 'before' ? part : String(part).padStart(5, '0')
  return `${dayFolder(org, 'totals', day)}v=${version}/${name}.json`
}

/** Everything of a day, whatever its version. */
export function exportFolders(org: OrgSlug, day: string): string[] {
  return [...datasets, 'totals' as const, 'manifests' as const].map((dataset) => dayFolder(org, dataset, day))
}

/** Whether a key of a day's folders is of this version. */
export function isOfVersion(key: string, version: number): boolean {
  return /\/v=(\d+)[/.]/.exec(key)?.[1] === String(version)
}

// A template and its copies, from memory for a moment.
import type { OrgSlug, TemplateId } from '../../contract/ids.ts'
import { settingsCacheMs } from '../../contract/limits.ts'
import type { TemplateCopies } from '../domain/copy/choose-copy.ts'
import { makeCache } from './cache.ts'

export type FindTemplate = (
  org: OrgSlug,
  templateId: TemplateId,
  signal?: AbortSignal,
) => Promise<TemplateCopies | undefined>

const maxTemplates = 500

/** Keeps what it read for `settingsCacheMs`. A template that is not found is looked for again by the next caller. */
export function makeTemplateLookup(findTemplate: FindTemplate, now: () => number): FindTemplate {
  const known = makeCache<TemplateCopies>({ maxEntries: maxTemplates, lifeMs: settingsCacheMs, now })
  return (org, templateId, signal) => known.load(`${org}#${templateId}`, () => findTemplate(org, templateId, signal))
}

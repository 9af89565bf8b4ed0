// What answers of `generate` know of templates and orgs, from memory for a moment.
import { type FindOrg, makeOrgLookup } from './org-lookup.ts'
import { type FindTemplate, makeTemplateLookup } from './template-lookup.ts'

export interface CopySettings {
  readonly findTemplate: FindTemplate
  readonly findOrg: FindOrg
}

/** Looks up from memory what may be `settingsCacheMs` old; `findTemplateNow` asks the table. */
export function makeCopyLookups({ findTemplate, findOrg }: CopySettings, now: () => number) {
  return {
    findTemplate: makeTemplateLookup(findTemplate, now),
    findTemplateNow: findTemplate,
    findOrg: makeOrgLookup(findOrg, now),
  }
}

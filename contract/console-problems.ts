// Errors of the routes of the console and of administrators, in the form of `problems.ts`.

export const consoleProblems = {
  'settings.changed': { status: 412, message: 'The setting was changed meanwhile. Read it again, then repeat.' },
  'settings.fixed': { status: 409, message: 'The setting can no longer be changed, because events depend on it.' },
  'org.exists': { status: 409, message: 'There is an organisation with this slug.' },
  'key.unknown': { status: 404, message: 'The organisation has no key with this id.' },
  'key.too_many': {
    status: 409,
    message: 'As many keys as allowed are in force with these scopes, or in all. Revoke one first.',
  },
  'template.malformed': { status: 422, message: 'The id of a template is 1 to 64 letters, digits and underscores.' },
  'template.draft_again': { status: 409, message: 'A template that served copy never becomes a draft again.' },
  'template.empty': { status: 409, message: 'A template without an active treatment copy cannot serve any.' },
  'template.harm_metric': {
    status: 422,
    message: 'A key metric is one of which more is better. What copies are to avoid is watched by itself.',
  },
  'template.too_many': { status: 409, message: 'The organisation has as many templates as allowed.' },
  'copy.exists': { status: 409, message: 'The template has a copy with this id; its text never changes.' },
  'copy.too_many': { status: 409, message: 'The template has as many copies as allowed, archived ones included.' },
  'copy.not_stopped': { status: 409, message: 'No guardrail stopped this copy, so there is nothing to lift.' },
  'integration.taken': { status: 409, message: 'Another template is connected to one of these sources.' },
  'person.malformed': { status: 422, message: 'A person is named as `id:`, `email:` or `cio_id:` and the name.' },
  'import.unknown': { status: 404, message: 'The organisation has no import with this id.' },
  'import.ended': { status: 409, message: 'The import is complete or was overtaken by another version of its file.' },
  'destination.unknown': { status: 404, message: 'The organisation has no destination of alerts with this id.' },
  'destination.refused': { status: 422, message: 'Alerts go to https addresses of the public internet only.' },
  'destination.too_many': { status: 409, message: 'The organisation has as many destinations of alerts as allowed.' },
  'export.unknown': { status: 404, message: 'The organisation has no export of this day.' },
  'import.running': {
    status: 409,
    message:
      'The import is at work: it got further, or was taken up again, a short time ago. Taken up now, it would be loaded twice.',
  },
  'quarantine.unknown': { status: 404, message: 'Nothing is set aside under this id.' },
} as const

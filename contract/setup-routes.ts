// The routes by which a set-up proves itself: what Customer.io says of it, what was seen of it, and what mends it.
import { actionsAnswerSchema, campaignsAnswerSchema, workspacesAnswerSchema } from './customerio-lists.ts'
import { bodyProblems, memberProblems, type Route } from './route.ts'
import {
  backfillAnswerSchema,
  backfillRequestSchema,
  checksAnswerSchema,
  healthAnswerSchema,
  webhookRequestSchema,
} from './setup-answers.ts'

const asked = { function: 'CheckSetup', throttle: 'console', entry: { kind: 'member', role: 'admin' } } as const

export const setupRoutes = [
  {
    ...asked,
    method: 'POST',
    path: '/api/orgs/{org}/settings/verify',
    summary:
      'Asks Customer.io whether the App API key is good, its region right and the workspace there. Changes nothing.',
    answer: checksAnswerSchema,
    problems: memberProblems,
  },
  {
    ...asked,
    method: 'GET',
    path: '/api/orgs/{org}/customerio/workspaces',
    summary: 'The workspaces of the account at Customer.io, to choose from.',
    answer: workspacesAnswerSchema,
    problems: memberProblems,
  },
  {
    ...asked,
    method: 'GET',
    path: '/api/orgs/{org}/customerio/campaigns',
    summary: "The campaigns of the App API key's workspace, to choose from.",
    answer: campaignsAnswerSchema,
    problems: memberProblems,
  },
  {
    ...asked,
    method: 'GET',
    path: '/api/orgs/{org}/customerio/campaigns/{campaign}/actions',
    summary: 'The actions of a campaign, to choose the webhook action and the control from.',
    answer: actionsAnswerSchema,
    problems: memberProblems,
  },
  {
    ...asked,
    method: 'POST',
    path: '/api/orgs/{org}/reporting-webhook',
    summary: 'Creates or mends the reporting webhook at Customer.io, or with `mend: false` only tells how it differs.',
    request: webhookRequestSchema,
    answer: checksAnswerSchema,
    problems: [...memberProblems, ...bodyProblems],
  },
  {
    ...asked,
    method: 'POST',
    path: '/api/orgs/{org}/templates/{template}/integration/verify',
    summary: "Asks Customer.io whether the template's campaign is set up as its integration says. Changes nothing.",
    answer: checksAnswerSchema,
    problems: [...memberProblems, 'template.unknown'],
  },
  {
    ...asked,
    method: 'POST',
    path: '/api/orgs/{org}/backfill',
    summary:
      'Fills a gap in the reporting events of a campaign from its messages at Customer.io, or with `dry_run` only tells what it would fill in; may be repeated.',
    request: backfillRequestSchema,
    answer: backfillAnswerSchema,
    problems: [...memberProblems, ...bodyProblems],
  },
  {
    method: 'GET',
    path: '/api/orgs/{org}/health',
    function: 'CheckSetup',
    summary:
      'The set-up as a list of checks: ok, waiting or broken, since when, what was seen, what to do. And by day of receipt, what became of every event.',
    entry: { kind: 'member', role: 'viewer' },
    throttle: 'console',
    answer: healthAnswerSchema,
    problems: memberProblems,
  },
] as const satisfies readonly Route[]

// What the API document shows of bodies: one request, and one answer where that helps, of each route by its key. A test holds
// them to the schemas, and every route that takes a body to having one here.

export interface Example {
  readonly request?: unknown
  readonly answer?: unknown
}

const copy = { id: 'warm', vars: { subject: 'Hello Ann' } }
const served = { copy, template_id: 'welcome_email', serve_id: 'sv_delivery_RPILAgABcRhIBqSp7kiPekGBIeVh' }
const variant = {
  copy_id: 'warm',
  status: 'active',
  arm: 'treatment',
  vars: { subject: 'Hello {{ first_name }}' },
  attrs: {},
}

export const examples: Readonly<Record<string, Example>> = {
  'POST /api/generate/{org}': {
    request: {
      template_id: 'welcome_email',
      user_id: 'ann-4711',
      attrs: { plan: 'free' },
      fields: { first_name: 'Ann' },
    },
    answer: served,
  },
  'GET /api/generate/{org}': { answer: served },
  'POST /api/batch-generate/{org}': {
    request: {
      requests: [{ template_id: 'welcome_email' }, { template_id: 'win_back', tracking_id: 'message-42' }],
      user_id: 'ann-4711',
      fields: { first_name: 'Ann' },
    },
    answer: {
      results: [
        { index: 0, status: 200, ...served },
        {
          index: 1,
          status: 404,
          error: { code: 'template.unknown', message: 'The organisation has no template with this id.' },
        },
      ],
    },
  },
  'POST /api/webhook/cio/{org}': { answer: { status: 'accepted', event_id: '01E4C4CT6YDC7Y5M7FE1GWWPQJ' } },
  'POST /api/webhook/events/{org}': {
    request: {
      events: [
        {
          event_id: 'order-1001',
          name: 'purchase',
          user_id: 'ann-4711',
          timestamp: '2026-11-24T12:00:00Z',
          value: '19.90',
          currency: 'EUR',
        },
        { event_id: 'order-1002', name: 'purchase', timestamp: 1_795_521_600 },
      ],
    },
    answer: {
      accepted: 1,
      duplicate: 0,
      conflict: 0,
      rejected: 1,
      results: [
        { index: 0, status: 'accepted' },
        {
          index: 1,
          status: 'rejected',
          code: 'event.missing',
          message:
            'row: seen nobody that the event is of; allowed one of user_id, email, cio_id, delivery_id, tracking_id',
        },
      ],
    },
  },
  'POST /api/orgs': { request: { org: 'acme', name: 'Acme Ltd' } },
  'PUT /api/orgs/{org}/settings': {
    request: {
      region: 'eu',
      workspace: { id: '131313', name: 'Production' },
      app_api_key: 'the-app-api-key-of-customer-io',
      currency: 'EUR',
    },
  },
  'POST /api/orgs/{org}/keys': { request: { name: 'Webhook action', scopes: ['generate'] } },
  'POST /api/orgs/{org}/reporting-webhook': { request: { mend: true } },
  'POST /api/orgs/{org}/backfill': { request: { campaign_id: '23', from: '2026-11-10', to: '2026-11-19' } },
  'PUT /api/orgs/{org}/templates/{template}': {
    request: { name: 'Welcome', key_metric: 'clicked', split_mode: 'external', status: 'active' },
  },
  'POST /api/orgs/{org}/templates/{template}/variants': {
    request: { copy_id: 'warm', vars: { subject: 'Hello {{ first_name }}' }, attrs: { plan: ['free', 'trial'] } },
    answer: { copy: variant, replaces: null },
  },
  'PUT /api/orgs/{org}/templates/{template}/variants/{copy}': {
    request: { vars: { subject: 'Welcome, {{ first_name }}' } },
    answer: {
      copy: { ...variant, copy_id: 'warm-2', vars: { subject: 'Welcome, {{ first_name }}' } },
      replaces: 'warm',
    },
  },
  'POST /api/orgs/{org}/templates/{template}/variants/{copy}/lift-stop': {
    request: { reason: 'The complaints came from one imported list.' },
  },
  'PUT /api/orgs/{org}/templates/{template}/integration': {
    request: {
      sources: [{ source: 'campaign:23', webhook_action_ids: ['41'], control_action_ids: ['42'] }],
      attribute_scope: 'customer',
    },
  },
  'POST /api/orgs/{org}/templates/{template}/preview': {
    request: { attrs: { plan: 'free' }, fields: { first_name: 'Ann' } },
  },
  'POST /api/orgs/{org}/imports': { request: { name: 'purchases.csv', bytes: 1_048_576, date: '2026-11-24' } },
  'PUT /api/orgs/{org}/alerts/settings': {
    request: { no_data: { hours: 6, grace_minutes: 30 }, file_by: { hour_utc: 7, grace_minutes: 15 } },
  },
  'POST /api/orgs/{org}/alerts/destinations': {
    request: { url: 'https://hooks.example.com/justai', kinds: ['webhook_drift', 'no_data'] },
  },
}

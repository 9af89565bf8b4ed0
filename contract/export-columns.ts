// What the Parquet files of an export hold: each dataset's columns, in order. docs/exports.md says what they mean.

export const datasets = ['serves', 'sends', 'events', 'outcomes'] as const
export type Dataset = (typeof datasets)[number]

/** `instant`: a timestamp in UTC to the millisecond. `decimal`: exact decimal text, as in `12.50`. */
export type ColumnType = 'text' | 'decimal' | 'boolean' | 'integer' | 'real' | 'instant'

/** A cell is null where its fact is not known, or is none. */
export type ExportRow = Readonly<Record<string, string | number | boolean | null>>

/** How a copy came to be, for whoever weighs by chances: the same columns in three datasets. */
const assignment = {
  template_id: 'text',
  arm: 'text',
  copy_id: 'text',
  choice: 'text',
  allocation_version: 'integer',
} as const satisfies Record<string, ColumnType>

export const exportColumns = {
  serves: {
    serve_id: 'text',
    person: 'text',
    served_at: 'instant',
    ...assignment,
    probability: 'real',
    delivery_id: 'text',
    tracking_id: 'text',
    journey_id: 'text',
    oversize: 'boolean',
  },
  sends: {
    delivery_id: 'text',
    person: 'text',
    sent_at: 'instant',
    delivered_at: 'instant',
    ...assignment,
    propensity: 'real',
    join_rule: 'text',
    channel: 'text',
    source: 'text',
    action_id: 'text',
    journey_id: 'text',
    stand_in: 'boolean',
  },
  events: {
    delivery_id: 'text',
    person: 'text',
    kind: 'text',
    name: 'text',
    happened_at: 'instant',
    event_source: 'text',
    event_id: 'text',
    channel: 'text',
    value: 'decimal',
    currency: 'text',
    machine: 'boolean',
    backfilled: 'boolean',
  },
  outcomes: {
    delivery_id: 'text',
    subject: 'text',
    ...assignment,
    propensity: 'real',
    kind: 'text',
    name: 'text',
    events: 'integer',
    first_at: 'instant',
    currency: 'text',
    value: 'decimal',
  },
} as const satisfies Record<Dataset, Record<string, ColumnType>>

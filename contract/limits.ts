// Sizes and counts the service holds itself to, each with where it comes from. Bytes unless the name says otherwise.

/** Reporting webhooks larger than this are set aside: far above any event Customer.io documents, body content included. */
export const maxWebhookBodyBytes = 1_048_576
/** A DynamoDB item holds 409,600 bytes; what is left of it after keys and attributes. */
export const maxStoredBodyBytes = 390_000
/** Nesting of a reporting webhook's JSON; Customer.io's own bodies reach 4. */
export const maxJsonDepth = 16
/** Members and elements of one JSON body, all levels together. */
export const maxJsonNodes = 20_000

/** `generate` bodies: a webhook action sends a few attributes, not documents. */
export const maxGenerateBodyBytes = 65_536
/** Requests in one batch-generate call (documented by the API). */
export const maxBatchRequests = 20
/** Customer.io's documented limit for one attribute value, in bytes of JSON; templates may raise it. */
export const defaultCopyLimitBytes = 1_000
/** A rendered copy never leaves larger than this, whatever the fields hold. */
export const maxRenderedBytes = 65_536
/** A call for copy that takes longer is told of: Customer.io was seen to give up after 4 s, and a person waits behind it. */
export const slowCopyMs = 1_000
/** Time that Liquid may take for one copy, all variables together. */
export const maxRenderMs = 100

/** Custom events in one call. */
export const maxEventsPerCall = 500
/** A call with 500 events of a few properties each; also below the 6 MB that Lambda takes. */
export const maxEventsBodyBytes = 5_242_880
/** Members and elements of one such call, all levels together. */
export const maxEventsNodes = 200_000
/** JSON of one custom event's `properties`: far more than a purchase says of itself, and gzipped well below an item. */
export const maxPropertiesBytes = 65_536
/** Custom events of one person that measuring looks at, the first by source and id: some 3 MB, read in a second or two. */
export const maxPersonEvents = 10_000
/** Outcomes of one person that measuring looks at among one another: ten messages a day for three years. With more it is nobody. */
export const maxPersonOutcomes = 10_000
/**
 * Reporting events of one delivery that measuring looks at, the first by id, which Customer.io's own order by time. Whoever
 * has a tracked link can follow it without end.
 */
export const maxDeliveryEvents = 10_000
/** Of those that stand beside one delivery or serve because they name nothing else, so many are read. */
export const maxBesideEvents = 2_000
/** And so many are kept with its outcome: of each name the earliest, and of all together. */
export const maxPinnedPerName = 50
export const maxPinnedEvents = 200
/** JSON of all of them: 200 usual ones have 24,000 bytes. A transaction of 100 such outcomes has 4 MB at most. */
export const maxPinnedBytes = 32_768
/** Names of custom events that one send counts, the first by alphabet: a move of it must fit one transaction. */
export const maxEventNames = 40
/** Undocumented metrics that one delivery counts by name, the first by alphabet, for the same reason. */
export const maxUndocumentedMetrics = 4
/** Values beyond this are taken for a fault of units. Major units of the currency. */
export const maxEventValue = 1_000_000_000

/** Customer.io gives a webhook 4 s; we answer 503 before that. */
export const answerBudgetMs = 3_000
/** Copy is waited for by a message that is being sent: sooner still. */
export const copyBudgetMs = answerBudgetMs - 300
/** What is noted beside an answer may make it so much later and no more: the event is stored by then. */
export const noteBudgetMs = 400

/** How long a verified API key, an org or a template may be served from memory. */
export const settingsCacheMs = 10_000
/** A revoked key is refused everywhere within this time. */
export const keyCacheMs = 30_000
/** How long a key that was not found is taken to be unknown without looking again. */
export const unknownKeyCacheMs = 10_000
/** The same for an org. Short: Customer.io waits an hour after the 401 that an org gets which was made just now. */
export const unknownOrgCacheMs = 2_000
/** How long a signing key may be served from memory. */
export const secretCacheMs = 300_000
/** A signature that does not match causes at most one fresh read of the secret per org in this time; until then it is 503. */
export const secretRefetchMs = 10_000

/** How long one call goes on with a restatement before it hands over to the next. */
export const remeasureSliceMs = 240_000

/** How long one call goes on with the nightly recount; the step under way then ends within a minute or two. */
export const recountSliceMs = 600_000
/** A recount keeps how far it is at least so often, and whenever it holds so many sums: some 50 MB. */
export const recountStepMs = 60_000
export const recountStepCells = 50_000
/** Bins of an org with more cells than one step holds: of a million cells a bin has 30,000, which are compared at once. */
export const recountBins = 32
/** A recount that did not end by then is begun anew: its parts lie in the bucket for twice as long. */
export const maxRecountMs = 604_800_000

/** Weights are learned from sends of so many days: further back people and seasons differ, and a run must read them all. */
export const learningDays = 90

/** A serve explains a send that follows within this many days, unless the integration says otherwise. */
export const defaultServeWindowDays = 30

/**
 * Bodies of the console's routes: a template with its copy is a few kilobytes. The audit log keeps
 * two such states in one item.
 */
export const maxManageBodyBytes = 131_072
/** Who writes an org's secrets holds them no longer than this; a write takes well under a second. */
export const secretHoldMs = 10_000
/** Fetching the keys of the token issuer, once per cold start and when they change. */
export const tokenKeysTimeoutMs = 1_500

/** Customer.io's App API takes 10 calls a second and answers 429 to the next. */
export const customerioCallsPerSecond = 10
/** Time for one call to Customer.io's App API, its answer read; with two retries it ends within the budget below. */
export const customerioAttemptMs = 4_000
/** Calls a second of the schedule that asks again, for all orgs: half, so that what an org's own people ask is still taken. */
export const watchCallsPerSecond = 5
/** Time for all that the schedule asks of one org: some fifty templates. */
export const watchBudgetMs = 60_000
/** Time for everything that one request of ours asks of Customer.io. */
export const customerioBudgetMs = 20_000
/** Time for the whole of such a request: a few seconds more, and less than the 30 s after which API Gateway gives up. */
export const setupBudgetMs = 25_000
/** Time after which a backfill begins no further page, so that the page under way ends within the budget. */
export const backfillRunMs = 12_000
/** Customer.io keeps messages for its App API that long. */
export const maxBackfillDays = 365
/** Answers of Customer.io's App API larger than this are not read: a page of 1,000 messages stays far below. */
export const maxCustomerioAnswerBytes = 8_388_608
/** Pages of a list that are read at most; Customer.io gives 10 actions a page. */
export const maxCustomerioPages = 50

/** Templates of one org, and copies of one template, archived ones included: `generate` reads all copies of a template. */
export const maxTemplates = 500
export const maxCopiesPerTemplate = 200
export const maxCopyVariables = 30
/** A template's sources are saved in one transaction, which holds 100 actions. */
export const maxSourcesPerTemplate = 20
/** Keys in force at once with the same scopes: the one in use and the one that replaces it. */
export const maxLiveKeys = 2
/** Keys of one org in force. */
export const maxKeys = 200
/** Entries of one page of a list. */
export const pageSize = 50
/** Outcomes that the feed or a story shows at once. */
export const maxHappenings = 200
/** Outcomes of one person that are erased in one step. */
export const maxErasedAtOnce = 25
/** Names of one person that are kept while erasing; a merged person has a handful. An item holds that many of the longest. */
export const maxErasedNames = 1_000
/** Time after which erasing begins no further step and answers that there is more; a step takes a second or two. */
export const eraseRunMs = 12_000
/** Rejected rows of one file are looked through up to this size; a larger file of them is removed whole. */
export const maxRewrittenBytes = 16_777_216
/** How long dropped files stay in the bucket, and an overwritten or deleted object can be had back: files name people. */
export const fileDays = 21
export const oldVersionDays = 7
/** How long others stay whose end is a date; contract/retention.ts has the reasons. */
export const quarantineDays = 90
export const sightingDays = 7
export const importDays = 400
export const keptDeliveryDays = 30
export const reportDays = 90
export const workDays = 14
/** One row of a file; longer ones are rejected without being held in memory. The streaming route takes less at once. */
export const maxRowBytes = 1_048_576
/** A range of a text file: some 7,000 rows, which a function loads within its time even at 30 rows a second. */
export const fileRangeBytes = 1_048_576
/** Ranges of one import that wait in the queue or are loaded at once; a small file waits for no more than these of a large one. */
export const rangesOnTheirWay = 10
/** A text file, or what a compressed one holds: planned within a function's time at 50 MB/s. */
export const maxFileBytes = 20_000_000_000
/** Text that is this many times as large as its gzip is taken for a bomb; event files reach 30. DEFLATE's own limit is 1,032. */
export const maxInflation = 250
/** Below this the ratio does not matter. */
export const harmlessInflationBytes = 33_554_432
/** Rows of a Parquet file that are loaded at once. */
export const parquetRangeRows = 20_000
/** One row group of a Parquet file, uncompressed: it must fit the memory of a function, decoded. */
export const maxRowGroupBytes = 134_217_728
/** A Parquet file: what its planner keeps per row group must fit its memory. */
export const maxParquetRowGroups = 10_000
/** Columns of one file. */
export const maxFileColumns = 500
/** A file from the console: S3 takes 5 GiB in one PUT. */
export const maxUploadBytes = 5_000_000_000
/** How long an address that was signed for an upload or a download may be used; an upload only has to begin in it. */
export const linkSeconds = 900
/** Outcomes that one slice of an export reads and writes as one file of each dataset: some 100 MB in memory with their events. */
export const exportSliceOutcomes = 5_000
/** Time after which an export begins no further slice, so that the one under way ends within the function's time. */
export const exportRunMs = 210_000
/** Days before today that are exported, and exported anew when their counts change. */
export const exportedDays = 365
/** Files of exports are deleted so long after they were written: longer than a day may be exported anew. */
export const keptExportDays = 400
/** A day whose files were not what the results say is tried again after this, once its message comes again: half an hour. */
export const refusedExportPauseMs = 1_200_000
/** Days of which an export keeps what the results say before it reads the first of them. */
export const daysBegunAtOnce = 31
/** An index trails its table by moments: what was written before a digest was read is in it after this. */
export const indexTrailMs = 3_000
/** Rows whose looks are sorted at once when an import is counted: 8 bytes each, a tenth more for chance. */
export const looksPerPass = 32_000_000
/** Time after which a planner that counts begins no further pass, but hands over to the next; a pass takes a minute or two. */
export const finishSliceMs = 300_000
/** Places that an org's alerts are posted to; each has a secret of its own, which costs $0.40 a month. */
export const maxDestinations = 5
/** How long the secret of a destination signs along after it was replaced. */
export const secretOverlapMs = 86_400_000
/** Sends of a copy, and of control in the same periods, below which nothing is said of it. */
export const leastSendsToDecide = 100

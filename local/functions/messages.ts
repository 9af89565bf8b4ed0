// What the engine and a function's process say to each other over IPC. Events and results travel as JSON text, so that a
// function gets exactly what JSON can carry, as on AWS.

export type Invocation = {
  readonly kind: 'invoke'
  readonly requestId: string
  readonly eventText: string
  /** How long it may take. A process has its own clock, so no instant would do. */
  readonly limitMs: number
}
export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'broken'; readonly error: FunctionError }
  | { readonly kind: 'result'; readonly requestId: string; readonly resultText: string }
  | { readonly kind: 'error'; readonly requestId: string; readonly error: FunctionError }
/** An error as Lambda reports it to the caller. */
export type FunctionError = {
  readonly errorType: string
  readonly errorMessage: string
  readonly trace: readonly string[]
}

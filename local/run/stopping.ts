// Everything that was started, to be stopped in the opposite order, each exactly once.

export type Stopping = { readonly add: (stop: () => unknown) => void; readonly stopAll: () => Promise<void> }

export const makeStopping = (onError: (error: unknown) => void = () => undefined): Stopping => {
  const stops: (() => unknown)[] = []
  let stopped: Promise<void> | undefined
  const run = async (): Promise<void> => {
    for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) {
      try {
        await stop()
      } catch (error) {
        onError(error)
      }
    }
  }
  return {
    add: (stop) => stops.push(stop),
    stopAll: () => {
      stopped ??= run()
      return stopped
    },
  }
}

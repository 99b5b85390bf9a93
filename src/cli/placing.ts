// Problems of a scenario that show only when a run is put together, told with their place in the file.

import { UsageError } from '../base/errors.js'
import type { LoadedScenario } from '../scenario/reader.js'

/** Does `work`. What is wrong with the scenario that shows only now is told with its place in the file. */
export async function placing<Value>(
  { placed }: Pick<LoadedScenario, 'placed'>,
  work: () => Promise<Value>,
): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    throw new UsageError(error.message.split('\n').map(placed).join('\n'), { cause: error })
  }
}

// A scenario's data as YAML again: `scenario.yaml` of a run's folder, as it was run.

import { stringify } from 'yaml'

/** Longest line, in characters, before YAML folds it. */
const lineWidth = 120

/** YAML of a scenario's data after all overlays. */
export function printScenario(data: unknown): string {
  return stringify(data, { lineWidth, aliasDuplicateObjects: false })
}

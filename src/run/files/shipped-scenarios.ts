// The scenario files that come with the program, wherever it is installed.

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

export interface ShippedScenario {
  /** `quickstart`, `conditions/host-slow`. */
  readonly name: string
  /** One sentence that says what the scenario shows. */
  readonly about: string
  readonly file: string
}

const folder = new URL('../../../scenarios/', import.meta.url)
const ending = '.yaml'

/** All of them, those in folders of their own last. */
export function shippedScenarios(): readonly ShippedScenario[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length).replaceAll('\\', '/'))
  return names
    .sort((one, other) => one.split('/').length - other.split('/').length || one.localeCompare(other))
    .map((name) => {
      const file = fileURLToPath(new URL(`${name}${ending}`, folder))
      const { about = '' } = parse(readFileSync(file, 'utf8')) as { about?: string }
      return { name, about: about.trim().replace(/\s+/g, ' '), file }
    })
}

/** The file of a name such as `quickstart` or `host-slow`; undefined where none is called so. */
export function shippedScenario(name: string): string | undefined {
  const plain = name.replace(/^scenarios\//, '').replace(/\.yaml$/, '')
  return shippedScenarios().find((each) => each.name === plain || each.name === `conditions/${plain}`)?.file
}

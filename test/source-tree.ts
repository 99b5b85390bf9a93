// The sources of src/ as the tests of the structure see them: files, their code without comments, and what they import.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

export const src = resolve(import.meta.dirname, '../src')

export interface SourceFile {
  /** Under the folder that was read, with `/`. */
  readonly name: string
  readonly text: string
}

/** Every TypeScript file below a folder. */
export const sourcesIn = (folder: string): readonly SourceFile[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ name: name.replaceAll('\\', '/'), text: readFileSync(join(folder, name), 'utf8') }))

/** The text without its comments. */
export const codeOf = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')

/** An import is `static` when it loads with the file, `dynamic` when the code asks for it, `type` when it loads nothing. */
export interface Import {
  /** A name under src/, or the name of a package. */
  readonly target: string
  readonly kind: 'static' | 'dynamic' | 'type'
}

const statement = /^(?:import|export)\s+(?:(type)\s+)?((?:[\w*\s,]|\{[^}]*\})*?\s*from\s+)?'([^']+)'/gm

/** The imports of a file of src/. */
export function importsOf({ name, text }: SourceFile): readonly Import[] {
  const code = codeOf(text)
  const named = (path: string) =>
    path.startsWith('.')
      ? relative(src, resolve(src, dirname(name), path))
          .replaceAll('\\', '/')
          .replace(/\.js$/, '.ts')
      : path
  const found = [...code.matchAll(statement)].map(([, type, names, path]) => ({
    target: named(path as string),
    kind: type === 'type' || isTypesOnly(names ?? '') ? ('type' as const) : ('static' as const),
  }))
  const asked = [...code.matchAll(/\bimport\s*\(\s*'([^']+)'/g)].map((match) => named(match[1] as string))
  return [...found, ...asked.map((target) => ({ target, kind: 'dynamic' as const }))]
}

/** `{ type A, type B }` loads nothing. */
function isTypesOnly(names: string): boolean {
  const braces = /^\s*\{([^}]*)\}\s*from/.exec(names)
  return (
    braces !== null &&
    (braces[1] as string)
      .split(',')
      .map((each) => each.trim())
      .every((each) => each === '' || each.startsWith('type '))
  )
}

/** Everything that loads with a file of src/: its static imports and theirs, packages and `node:` names included. */
export function loadedWith(entries: readonly string[], files: readonly SourceFile[]): ReadonlySet<string> {
  const byName = new Map(files.map((file) => [file.name, file]))
  const loaded = new Set<string>()
  const visit = (name: string): void => {
    if (loaded.has(name)) return
    loaded.add(name)
    const file = byName.get(name)
    if (file === undefined) return
    for (const { target, kind } of importsOf(file)) if (kind === 'static') visit(target)
  }
  for (const entry of entries) visit(entry)
  return loaded
}

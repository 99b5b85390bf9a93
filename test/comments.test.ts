// Comments are read by people who do not know the code yet. One that begins with one of three words has to be decoded before it
// says anything: a doc comment is a noun phrase or a full sentence.

import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { sourcesIn } from './source-tree.js'

const root = resolve(import.meta.dirname, '..')

/** Only where a comment begins: a sentence may run on to a line that begins with such a word. */
const begins = /^\s*(?:\/\/|\/\*\*|.*\S\s+\/\/) (?:What|Of|By) /

/** Lines of comments that have to be decoded, the first line of a `//` block or a doc comment, as FILE:LINE. */
function decoded({ name, text }: { readonly name: string; readonly text: string }): readonly string[] {
  const lines = text.split('\n')
  return lines.flatMap((line, index) => {
    const isOpened = /^\s*\/\*\*$/.test(lines[index - 1] ?? '') && /^\s*\* (?:What|Of|By) /.test(line)
    const runsOn = /^\s*\/\/ /.test(line) && /^\s*\/\/ .*[^.:]$/.test(lines[index - 1] ?? '')
    return isOpened || (begins.test(line) && !runsOn) ? [`${name}:${index + 1}: ${line.trim()}`] : []
  })
}

test.each(['src', 'bench', 'test'])('no comment of %s/ begins with What, Of or By', (folder) => {
  expect(sourcesIn(join(root, folder)).flatMap(decoded)).toEqual([])
})

test.each([
  { name: 'a line', text: '// What is', found: 1 },
  { name: 'a comment behind code', text: ['a() //', 'By hand'].join(' '), found: 1 },
  { name: 'a doc comment', text: '/** Of the day. */', found: 1 },
  { name: 'a long doc comment', text: '/**\n * What of it\n */', found: 1 },
  { name: 'a sentence that runs on', text: '// It is made\n// By hand', found: 0 },
  { name: 'a noun phrase', text: '/** The day of the batch. */\n// Whatever it is.', found: 0 },
])('$name: $found', ({ text, found }) => {
  expect(decoded({ name: 'x.ts', text })).toHaveLength(found)
})

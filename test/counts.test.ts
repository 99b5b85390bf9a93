// A count beside its noun agrees with it: `1 byte`, never `1 bytes`. Sentences take `counted` of base/text/counted.ts.

import { expect, test } from 'vitest'
import { codeOf, sourcesIn, src } from './source-tree.js'

/** The things that messages count. A noun that is missing here is not looked for. */
const nouns = [
  ...['answers', 'arrivals', 'attempts', 'bytes', 'characters', 'columns', 'connections', 'cycles', 'digits', 'fields'],
  ...['files', 'levels', 'lines', 'merchants', 'messages', 'pairs', 'parts', 'phases', 'pieces', 'places', 'probes'],
  ...['records', 'requests', 'rows', 'sales', 'segments', 'settlements', 'terminals', 'thresholds', 'times'],
  ...['transactions', 'values', 'warnings', 'writes', 'cards', 'faults', 'hosts', 'reversals', 'sign-ons', 'runs'],
]
const besideNoun = new RegExp(String.raw`\$\{([^{}]+)\} (?:[a-z]+ )?(?:${nouns.join('|')})\b`, 'g')

/** A limit of the program is never 1, and its name says that it is a limit. */
const isLimit = (expression: string) =>
  /^(?:this\.#)?(?:most|max|fewest|longest|deepest|shortest|largest|usual)(?:[A-Z]\w*)?(?: \/ \d+)?$/.test(expression)
/** Worded by a function that knows of one, or rounded to what is never one. */
const isWorded = (expression: string) =>
  /counted\(|agreeing\(|=== 1|millions\(|megabytes\(|octal\(|toFixed\(/.test(expression)
/** No counts, or never of one: names, sizes of keys, disks and histograms. */
const others: readonly string[] = [
  ...['name', 'dialect.name', 'framing.name', 'against', 'known', 'keyBytes', '2 * cardKeyBytes', 'digits'],
  ...['free', 'room', "openFilesLimit() ?? 'only so many'", 'formatCount(count)'],
]
/** Where the number begins at two: of one terminal that fails, the run says more. */
const fromTwo = [
  'cli/commands/evidence.ts',
  'doctor/pasted/hex-lines.ts',
  'measure/causes/tracks.ts',
  'base/text/counted.ts',
  'run/run.ts',
]

/** Patterns of sentences hold no counts. */
const isOfSentences = (name: string) => name.startsWith('report/words/') && /sentence|lines/.test(name)

test('no count stands beside a plural that it may not fit', () => {
  const found = sourcesIn(src)
    .filter(({ name }) => !isOfSentences(name) && !fromTwo.includes(name))
    .flatMap(({ name, text }) =>
      [...codeOf(text).matchAll(besideNoun)]
        .filter(([, expression = '']) => !isLimit(expression) && !isWorded(expression) && !others.includes(expression))
        .map(([all]) => `${name}: ${all}`),
    )
  expect(found).toEqual([])
})

// Every sentence of evidence that a cause can say has its Chinese: sentences are taken from the sources themselves.

import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { systemWords } from '../../src/base/text/system-words.js'
import { sentenceIn } from '../../src/report/words/sentences.js'

const folders = ['measure/causes', 'measure/watch'].map((name) => resolve(import.meta.dirname, '../../src', name))

/** The sample of a value, by the function that puts it in words. */
const samples: Readonly<Record<string, string>> = {
  parts: 'echoes took 1.2 s',
  often: '3 times',
  answer: ' 1.2 s',
  took: '1.2 s',
  list: '622588',
  words: 'cards',
  long: '1.2 s, 3.1 cycles',
  inWords: '1.2 s',
  atWords: '3.2 s into the run',
  instantWords: '08:15:04 UTC',
  percentWords: '12 %',
  ms: '12 ms',
  due: '2026-11-30 08:15',
  seconds: '12/s',
  majorUnits: '12.00',
  dateWords: '2026-11-27 08:15:04 UTC',
  spanWords: 'from 2026-11-27 08:15:04 UTC on',
  reason: 'risk hold',
  when: ', since 2026-11-27 08:15:04 UTC',
  named: 'host-slow (60 %)',
}

/** Reads the literals of a source: each as every text that it can become. Comments are passed over. */
class Literals {
  readonly found: (readonly string[])[] = []
  readonly source: string
  #at = 0

  constructor(source: string) {
    this.source = source
    while (this.#at < source.length) this.#step(this.found)
  }

  /** Passes over one character, comment or literal; literals go into `into`. */
  #step(into: (readonly string[])[]): void {
    const { source } = this
    const here = source[this.#at] as string
    if (source.startsWith('//', this.#at)) this.#at = source.indexOf('\n', this.#at)
    else if (source.startsWith('/*', this.#at)) this.#at = source.indexOf('*/', this.#at) + 2
    else if (here === "'" || here === '"') into.push([this.#quoted(here)])
    else if (here === '`') into.push(this.#template())
    else this.#at++
  }

  #quoted(quote: string): string {
    const from = ++this.#at
    while (this.source[this.#at] !== quote) this.#at += this.source[this.#at] === '\\' ? 2 : 1
    return this.source.slice(from, this.#at++)
  }

  #template(): readonly string[] {
    let texts: readonly string[] = ['']
    this.#at++
    while (this.source[this.#at] !== '`') {
      if (this.source.startsWith('${', this.#at)) {
        const inside = this.#expression()
        texts = texts.flatMap((text) => inside.map((each) => text + each))
        continue
      }
      const here = this.source[this.#at++]
      texts = texts.map((text) => text + here)
    }
    this.#at++
    return texts
  }

  /** One of the texts in it, where it chooses between some; else a sample of what it gives. */
  #expression(): readonly string[] {
    const from = this.#at + 2
    const inside: (readonly string[])[] = []
    this.#at += 2
    for (let depth = 1; depth > 0; ) {
      if (this.source[this.#at] === '{') depth++
      if (this.source[this.#at] === '}') depth--
      if (depth > 0) this.#step(inside)
      else this.#at++
    }
    const text = this.source.slice(from, this.#at)
    if (/ \? /.test(text) && inside.length > 0) return inside.flat()
    // A noun or a verb that agrees with its number, as it is for three and for one.
    const words = inside.flat()
    if (text.startsWith('counted(')) return [`3 ${words[0]}s`, `1 ${words[0]}`]
    if (text.startsWith('agreeing(')) return words
    return [samples[/^[a-zA-Z]+/.exec(text)?.[0] ?? ''] ?? '7']
  }
}

/** Texts of several words, but for what helps, which has a table of its own. */
function sentencesOf(file: string): readonly string[] {
  const source = readFileSync(file, 'utf8').replace(/(remedy:|unknownRemedy =)\s*('[^'\n]*'|"[^"\n]*")/g, '$1 0')
  const texts = new Literals(source).found.flat()
  return texts.filter((text) => /[a-z]{2,} [a-z]{2,} [a-z]{2,}/i.test(text) && !text.startsWith('./'))
}

const files = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
const sentences = [...new Set(files.flatMap(sentencesOf))]

test('there are sentences to look at', () => {
  expect(sentences.length).toBeGreaterThan(80)
})

test('no sentence of evidence stays English in Chinese output', () => {
  expect(sentences.filter((sentence) => sentenceIn('zh', sentence) === sentence)).toEqual([])
})

test('a name that leads nowhere is told in Chinese, and what the system means by it', () => {
  for (const code of ['ENOTFOUND', 'EAI_AGAIN']) {
    const told = sentenceIn('zh', `the host's name leads nowhere (${systemWords(code)})`)
    expect(told).toMatch(/^主机名无法解析（[^a-z]+）$/i)
  }
})

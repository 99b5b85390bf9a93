// Reading evidence.jsonl: what is no line is refused by its number, and a folder of several runs names them.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { evidenceFile, readEvidence } from '../../../src/run/files/read-evidence.js'

const folder = mkdtempSync(join(tmpdir(), 'isochron-read-evidence-'))
afterAll(() => rmSync(folder, { recursive: true }))

const step = { step: 'answered', utc: '2026-01-05T01:00:00.123Z', local: '2026-01-05T09:00:00.123+08:00', afterMs: 9 }
const line = { terminal: '1', responseMs: 9, withinMs: 3000, request: null, answer: null, lateAnswer: null }
const good = { ...line, steps: [step] }

async function terminalsOf(...texts: string[]) {
  const file = join(folder, 'evidence.jsonl')
  writeFileSync(file, `${texts.join('\n')}\n`)
  const terminals: string[] = []
  for await (const { terminal } of readEvidence(file)) terminals.push(terminal)
  return terminals
}

describe('a line of evidence', () => {
  test('is read, and empty lines are left out', async () => {
    const other = { ...good, terminal: '2', responseMs: null }
    expect(await terminalsOf(JSON.stringify(good), '', JSON.stringify(other))).toEqual(['1', '2'])
  })

  const broken = [
    { name: 'is cut', text: JSON.stringify(good).slice(0, 30) },
    { name: 'is no object', text: 'null' },
    { name: 'is a number', text: '5' },
    { name: 'has no steps', text: JSON.stringify(line) },
    { name: 'has a step that is none', text: JSON.stringify({ ...good, steps: [null] }) },
    { name: 'has a step of another name', text: JSON.stringify({ ...good, steps: [{ ...step, step: 'danced' }] }) },
    { name: 'has a step without times', text: JSON.stringify({ ...good, steps: [{ step: 'answered' }] }) },
    { name: 'has words for a time', text: JSON.stringify({ ...good, responseMs: 'long' }) },
    { name: 'has a text for a message', text: JSON.stringify({ ...good, answer: '0210' }) },
  ]
  for (const { name, text } of broken) {
    test(`that ${name} is refused by its number`, async () => {
      await expect(terminalsOf(JSON.stringify(good), text)).rejects.toThrow(/evidence\.jsonl:2: expected a line/)
    })
  }
})

test('a file that is no result is named', () => {
  mkdirSync(join(folder, 'other'))
  const file = join(folder, 'other', 'package.json')
  writeFileSync(file, '{}')
  expect(() => evidenceFile(file)).toThrow(/package\.json: no evidence\.jsonl: expected a run's folder/)
})

test('a folder of several runs names those that have evidence', () => {
  for (const run of ['baseline', 'more']) {
    mkdirSync(join(folder, 'all', run), { recursive: true })
    writeFileSync(join(folder, 'all', run, 'evidence.jsonl'), '')
  }
  mkdirSync(join(folder, 'all', 'notes'))
  expect(() => evidenceFile(join(folder, 'all'))).toThrow(
    "no evidence.jsonl: expected a run's folder, or its result.json; name one of those in it: baseline, more",
  )
})

// A recording keeps to its limit in parts, and overwrites nothing unasked.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openRecording } from '../../../src/run/traffic/recording-file.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isochron-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const lines: string[] = []
const tell = { onTrouble: (line: string) => lines.push(line), onPart: (line: string) => lines.push(line) }

test('a full file becomes the first older part, and the oldest goes', async () => {
  lines.length = 0
  const file = join(folder, 'line.jsonl')
  const recording = await openRecording(file, { limitBytes: 400, ...tell })
  recording.write('head')
  for (let at = 10; at < 60; at++) recording.write(`message ${at}`)
  await recording.close()
  expect(readdirSync(folder)).toEqual(['line.jsonl', 'line.jsonl.1', 'line.jsonl.2', 'line.jsonl.3'])
  const parts = ['.3', '.2', '.1', ''].map((end) => readFileSync(`${file}${end}`, 'utf8').trim().split('\n'))
  expect(parts.map(([head]) => head)).toEqual(['head', 'head', 'head', 'head'])
  const kept = parts.flatMap(([, ...rest]) => rest)
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => `message ${60 - kept.length + index}`))
  for (const name of readdirSync(folder)) {
    expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(100)
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
  }
  expect(lines[0]).toMatch(/line\.jsonl is full \(100 bytes\): it is now .*line\.jsonl\.1; 3 older parts are kept/)
})

test('a file that holds something is refused unless forced, and its older parts go with it', async () => {
  const file = join(folder, 'line.jsonl')
  writeFileSync(file, 'earlier')
  writeFileSync(`${file}.1`, 'earlier still')
  await expect(openRecording(file, tell)).rejects.toThrow(/is there already: .*--force/)
  expect(readFileSync(file, 'utf8')).toBe('earlier')
  const recording = await openRecording(file, { force: true, ...tell })
  recording.write('head')
  await recording.close()
  expect(readdirSync(folder)).toEqual(['line.jsonl'])
  expect(readFileSync(file, 'utf8')).toBe('head\n')
})

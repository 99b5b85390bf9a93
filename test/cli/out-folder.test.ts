// The meaning of --out, and the output for a CI server.

import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ciNamed, tellCi } from '../../src/cli/ci.js'
import { githubAnnotations, githubSummary } from '../../src/report/github.js'
import { writeWhole, writeWholeNow } from '../../src/run/disk/write-whole.js'
import { outFolder } from '../../src/run/files/out-folder.js'
import { makeRunFolder } from '../../src/run/files/run-folder.js'
import { sample } from '../report/sample-result.js'

const folder = mkdtempSync(join(tmpdir(), 'isochron-out-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('--out', () => {
  test('refuses a folder that holds a run, unless it is forced', () => {
    const run = join(folder, 'run')
    mkdirSync(run)
    expect(outFolder(run, { force: false })).toBe(run)
    writeFileSync(join(run, 'result.json'), '{}')
    expect(() => outFolder(run, { force: false })).toThrow(/it holds a run \(result\.json\): name another folder/)
    expect(outFolder(run, { force: true })).toBe(run)
  })

  test('with a slash at its end is the next number, and latest a link to it', () => {
    const runs = `${join(folder, 'runs')}/`
    expect(outFolder(runs, { force: false })).toBe(join(folder, 'runs', '0001'))
    expect(outFolder(runs, { force: false })).toBe(join(folder, 'runs', '0002'))
    expect(readlinkSync(join(folder, 'runs', 'latest'))).toBe('0002')
  })
})

describe('--out never follows a link', () => {
  const elsewhere = join(folder, 'elsewhere')
  mkdirSync(elsewhere)
  const victim = join(elsewhere, 'victim')
  writeFileSync(victim, 'precious')

  test('that is the folder itself, with and without a slash at its end', () => {
    const link = join(folder, 'link')
    symlinkSync(elsewhere, link)
    for (const out of [link, `${link}/`]) expect(() => makeRunFolder(out)).toThrow(/it is a link, and links are not/)
    expect(() => outFolder(`${link}/`, { force: true })).toThrow(/it is a link/)
    expect(readdirSync(elsewhere)).toEqual(['victim'])
  })

  test('that is a file in it: a dangling result.json is a run, and what is written takes the place of a link', async () => {
    const run = join(folder, 'linked')
    mkdirSync(run)
    symlinkSync(join(elsewhere, 'not-there'), join(run, 'result.json'))
    expect(() => outFolder(run, { force: false })).toThrow(/it holds a run/)
    rmSync(join(run, 'result.json'))
    symlinkSync(victim, join(run, 'result.json'))
    symlinkSync(victim, join(run, `result.json.${process.pid}.tmp`))
    await writeWhole(join(run, 'result.json'), ['new'])
    writeWholeNow(join(run, 'report.md'), 'new')
    expect(readFileSync(victim, 'utf8')).toBe('precious')
    expect(lstatSync(join(run, 'result.json')).isSymbolicLink()).toBe(false)
  })

  test('that a user calls latest, and keeps a file of that name', () => {
    const runs = join(folder, 'named')
    mkdirSync(runs)
    writeFileSync(join(runs, 'latest'), 'mine')
    outFolder(`${runs}/`, { force: false })
    expect(readFileSync(join(runs, 'latest'), 'utf8')).toBe('mine')
  })
})

describe('GitHub', () => {
  test('is told by its environment or by name', () => {
    expect(ciNamed(undefined, { GITHUB_ACTIONS: 'true' })).toBe('github')
    expect(ciNamed('none', { GITHUB_ACTIONS: 'true' })).toBe('none')
    expect(ciNamed(undefined, {})).toBe('none')
    expect(() => ciNamed('circle')).toThrow('--ci: expected github, gitlab or none')
  })

  test('gets an annotation for each failed threshold, and the report as the summary of the job', () => {
    const file = join(folder, 'summary.md')
    const out: string[] = []
    const io = { stdout: { write: (text: unknown) => out.push(String(text)) } } as never
    tellCi(io, sample, 'github', { GITHUB_STEP_SUMMARY: file })
    expect(out).toEqual([
      '::error title=isochron%3A a|b::timelyRate 98 %25, limit 99 %25\n',
      '::error title=isochron%3A a|b::books.agree not known\n',
    ])
    expect(readFileSync(file, 'utf8')).toMatch(/^FAIL 2 of 3/)
  })

  test('nothing that a scenario says ends a command, and a summary is cut before GitHub refuses it', () => {
    const thresholds = [{ expression: 'a\n::error::b', actual: null, met: false }]
    expect(githubAnnotations({ ...sample, thresholds })[0]).not.toContain('\n')
    const cut = githubSummary('line\n'.repeat(400_000))
    expect(Buffer.byteLength(cut)).toBeLessThan(1_024_000)
    expect(cut).toMatch(/line\n\nCut here/)
  })
})

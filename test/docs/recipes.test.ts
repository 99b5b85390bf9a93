// Recipes for CI servers run as printed: their files are of the right form, and their commands do what they say.

import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { blocksOf } from '../../bench/docs/blocks.js'

const root = resolve(import.meta.dirname, '../..')
const blocks = blocksOf(readFileSync(join(root, 'docs/recipes/README.md'), 'utf8')).filter(({ isFenced }) => isFenced)
const textOf = (language: string, mark: string) =>
  blocks.find((block) => block.language === language && block.text.includes(mark))?.text ?? ''
const github = parse(textOf('yaml', 'runs-on'))
const gitlab = parse(textOf('yaml', 'artifacts:'))
const jenkins = textOf('groovy', 'pipeline')

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Record<string, unknown>
}
const steps: readonly Step[] = github.jobs.load.steps
const commands = {
  github: steps.flatMap(({ run }) => run ?? []),
  gitlab: gitlab.load.script as readonly string[],
  jenkins: [...jenkins.matchAll(/\bsh '([^']+)'/g)].map((match) => match[1] as string),
}

/** The settings that the two servers know, as their references list them. */
const known = {
  workflow: ['name', 'on', 'jobs', 'env', 'permissions', 'concurrency', 'defaults', 'run-name'],
  job: ['name', 'runs-on', 'steps', 'needs', 'if', 'env', 'timeout-minutes', 'strategy', 'services', 'container'],
  step: ['name', 'id', 'if', 'uses', 'with', 'run', 'env', 'shell', 'working-directory', 'continue-on-error'],
  inputs: {
    'actions/checkout': [],
    'actions/setup-node': ['node-version', 'node-version-file', 'cache', 'registry-url'],
    'actions/cache/restore': ['path', 'key', 'restore-keys', 'fail-on-cache-miss', 'lookup-only'],
    'actions/cache/save': ['path', 'key', 'upload-chunk-size'],
    'actions/upload-artifact': ['name', 'path', 'if-no-files-found', 'retention-days', 'overwrite'],
  } as Readonly<Record<string, readonly string[]>>,
  gitlabJob: ['image', 'cache', 'script', 'artifacts', 'stage', 'rules', 'needs', 'variables', 'before_script', 'tags'],
  cache: ['key', 'paths', 'policy', 'when', 'fallback_keys'],
  artifacts: ['when', 'paths', 'reports', 'expire_in', 'name', 'exclude'],
  reports: ['junit', 'metrics'],
}
const unknown = (data: object, names: readonly string[]) => Object.keys(data).filter((key) => !names.includes(key))

describe('form:', () => {
  test('the GitHub workflow', () => {
    expect(unknown(github, known.workflow)).toEqual([])
    expect(unknown(github.jobs.load, known.job)).toEqual([])
    for (const step of steps) {
      expect(unknown(step, known.step)).toEqual([])
      expect(step.run === undefined).not.toBe(step.uses === undefined)
      const [action = '', version] = step.uses?.split('@') ?? []
      if (step.uses !== undefined) expect(version).toMatch(/^v\d+$/)
      expect(unknown(step.with ?? {}, known.inputs[action] ?? [])).toEqual([])
    }
  })
  test('the GitLab job', () => {
    const { load, ...more } = gitlab
    expect(more).toEqual({})
    expect(unknown(load, known.gitlabJob)).toEqual([])
    expect(unknown(load.cache, known.cache)).toEqual([])
    expect(unknown(load.artifacts, known.artifacts)).toEqual([])
    expect(unknown(load.artifacts.reports, known.reports)).toEqual([])
  })
  test('the Jenkinsfile has as many brackets as it needs, and keeps its reports after a failure', () => {
    expect(jenkins.split('{')).toHaveLength(jenkins.split('}').length)
    expect(jenkins).toMatch(/post \{\s+always \{\s+junit 'runs\/latest\/junit.xml'/)
  })
  test('all three do the same', () => {
    expect(commands.gitlab).toEqual(commands.github)
    expect(commands.jenkins).toEqual(commands.github)
  })
})

describe('the commands', () => {
  const folder = mkdtempSync(join(tmpdir(), 'isochron-recipes-'))
  const bin = join(folder, 'bin')
  const script = (name: string, text: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  const job = (extra: NodeJS.ProcessEnv = {}) => {
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, GITHUB_ACTIONS: '', ...extra }
    return spawnSync('bash', ['-ec', commands.github.join('\n')], { cwd: folder, env, encoding: 'utf8' })
  }
  beforeAll(() => {
    mkdirSync(bin)
    mkdirSync(join(folder, 'scenarios'))
    script('npm', 'exit 0')
    script('npx', `[ "$1" = isochron ] || exit 9; shift; exec ${process.execPath} ${root}/dist/cli/main.js "$@"`)
    // A scenario of one's own stands in this place; this one takes two seconds, on a machine that may be busy.
    const scenario =
      '{ name: ci, dialect: iso87-ascii, terminals: { count: 2 }, warmup: 1s, load: [ { hold: { rate: 10/s, for: 2s } } ] }'
    writeFileSync(join(folder, 'scenarios/quickstart.yaml'), scenario)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('pass at first, and leave what the servers are told to keep', () => {
    const summary = join(folder, 'summary.md')
    const { status, stdout, stderr } = job({ GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary })
    // A busy machine saturates even this; then the run has failed, and says so.
    const saturated = stdout.includes('SATURATED')
    expect({ status, stderr }).toMatchObject({ status: saturated ? 3 : 0 })
    for (const file of ['junit.xml', 'metrics.txt', 'report.html', 'report.md'])
      expect(existsSync(join(folder, 'runs/latest', file))).toBe(true)
    expect(readFileSync(summary, 'utf8')).toMatch(/^(PASS|FAIL) /)
    if (!saturated) expect(stdout).toContain('PASS no earlier run of this scenario in runs passed')
  })
})

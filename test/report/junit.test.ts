// junit.xml against the rules of the strictest schema in use: xunit-plugin's junit-10.xsd.

import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { describe, expect, test } from 'vitest'
import { printJunit } from '../../src/report/junit.js'
import { checkJunit } from './junit-schema.js'
import { sample } from './sample-result.js'

describe('junit.xml', () => {
  test('obeys the schema', () => {
    expect(checkJunit(printJunit(sample))).toEqual([])
  })

  test('the rules of the schema do find what breaks them', () => {
    const text = printJunit(sample)
    expect(checkJunit(text.replace('<testsuites ', '<testsuites skipped="1" '))).toEqual([
      'testsuites: attribute skipped is not allowed',
    ])
    expect(checkJunit(text.replace('<testcase ', '<testcase file="a" '))).toContain(
      'testcase: attribute file is not allowed',
    )
    expect(checkJunit(text.replace('time="60.000"', 'time="1m"'))[0]).toMatch(/time/)
  })

  test('is a case for each threshold and for what every run has to be', () => {
    const suite = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(printJunit(sample))
      .testsuites.testsuite
    expect(suite).toMatchObject({ name: 'a|b', tests: '6', failures: '2', errors: '0', skipped: '1', time: '60.000' })
    expect(suite.timestamp).toBe('2026-01-01T00:00:00')
    expect(suite.testcase.map((each: { name: string }) => each.name)).toEqual([
      ...['responseTime.p99 < 800ms', 'timelyRate >= 99%', 'books.agree', 'books agree', 'generator kept up'],
      'run is whole',
    ])
    expect(suite.testcase[1].failure).toEqual({
      type: 'threshold',
      message: 'timelyRate 98 %, limit 99 %',
      '#text': 'timelyRate 98 %, limit 99 %',
    })
  })

  test('names that a peer chose, and characters that XML has not, do no harm', () => {
    const evil = '"><testcase name="\u0000\u001b\ud800&]]>'
    const scenario = { ...sample.scenario, name: evil }
    const thresholds = [0, 1].map(() => ({ expression: evil, actual: null, met: false }))
    const text = printJunit({ ...sample, scenario, thresholds })
    expect(XMLValidator.validate(text)).toBe(true)
    expect(checkJunit(text)).toEqual([])
    const { testcase } = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(text).testsuites
      .testsuite
    // GitLab drops the second of equal names.
    expect(testcase[0].name).not.toBe(testcase[1].name)
    expect(testcase).toHaveLength(5)
  })

  test('a saturated generator is an error of the test, not a failure of what is tested', () => {
    const generator = { ...(sample.generator as NonNullable<typeof sample.generator>), saturated: true }
    expect(printJunit({ ...sample, generator })).toContain('<error type="saturated"')
    expect(printJunit({ ...sample, generator: { ...generator, saturationAllowed: true } })).not.toContain('<error')
  })
})

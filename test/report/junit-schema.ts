// The rules of junit-10.xsd (Jenkins' xunit plugin) that concern us: what may stand in what, with which attributes.

import { XMLParser } from 'fast-xml-parser'

interface Rule {
  readonly required: readonly string[]
  readonly optional: readonly string[]
  readonly children: readonly string[]
  readonly text?: boolean
}

const problem: Rule = { required: [], optional: ['type', 'message'], children: [], text: true }
const rules: Readonly<Record<string, Rule>> = {
  testsuites: {
    required: [],
    optional: ['name', 'time', 'tests', 'failures', 'errors'],
    children: ['testsuite'],
  },
  testsuite: {
    required: ['name', 'tests', 'failures', 'errors'],
    optional: ['group', 'time', 'skipped', 'timestamp', 'hostname', 'id', 'package', 'file', 'log', 'url'],
    children: ['testsuite', 'properties', 'testcase', 'system-out', 'system-err'],
  },
  properties: { required: [], optional: [], children: ['property'] },
  property: { required: ['name', 'value'], optional: [], children: [] },
  testcase: {
    required: ['name'],
    optional: ['time', 'classname', 'group'],
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
  },
  failure: problem,
  error: problem,
  skipped: problem,
}

/** The simple type SUREFIRE_TIME. */
const time = /^(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?$/

type Node = Readonly<Record<string, unknown>>

/** Every breach, in words. */
export function checkJunit(text: string): readonly string[] {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    preserveOrder: true,
    trimValues: true,
  })
  const elements = (parser.parse(text) as Node[]).filter((node) => !('?xml' in node))
  return elements.flatMap((node) => (nameOf(node) === 'testsuites' ? check(node) : ['the root is not testsuites']))
}

const nameOf = (node: Node) => Object.keys(node).find((key) => key !== ':@') as string

function check(node: Node): readonly string[] {
  const name = nameOf(node)
  const rule = rules[name] as Rule
  const attributes = Object.entries((node[':@'] ?? {}) as Record<string, string>)
  const allowed = [...rule.required, ...rule.optional]
  return [
    ...attributes.filter(([key]) => !allowed.includes(key)).map(([key]) => `${name}: attribute ${key} is not allowed`),
    ...rule.required
      .filter((key) => !attributes.some(([given]) => given === key))
      .map((key) => `${name}: attribute ${key} is missing`),
    ...attributes
      .filter(([key, value]) => key === 'time' && name !== 'testcase' && !time.test(value))
      .map(([, value]) => `${name}: time '${value}' is no decimal number`),
    ...(node[name] as Node[]).flatMap((child) => {
      const childName = nameOf(child)
      if (childName === '#text') return rule.text === true ? [] : [`${name}: text is not allowed`]
      return rule.children.includes(childName) ? check(child) : [`${name}: ${childName} is not allowed in it`]
    }),
  ]
}

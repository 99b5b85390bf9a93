// The lines of a run or a host about its keys and its TLS before it starts: names and check values, never a key.

import type { Dialect } from '../../codec/dialect.js'
import { fieldLackLines } from '../../codec/rules/lack-line.js'
import type { LeftOut } from '../../terminal/keys/protected-message.js'
import type { TlsOptions } from '../../transport/network/tcp-network.js'
import { lacksLine } from './key-uses.js'
import { noKeys, type RunKeys, testKeySource } from './run-keys.js'

/** `keys: test keys (test-tmk KCV 08D7B4, …)`. */
export function keysLine({ source, set }: RunKeys): string {
  if (source === noKeys) return 'keys: none; MACs and PIN blocks are neither sent nor checked'
  const known = set.keys.map(({ name, kcv }) => `${name} KCV ${kcv}`)
  const shown = known.length > mostShown ? [...known.slice(0, mostShown), `${known.length - mostShown} more`] : known
  const advice = source === testKeySource ? '; they are public: give your own with --keys FILE' : ''
  return `keys: ${source} (${shown.join(', ')})${advice}`
}

/** Keys named in one line. */
const mostShown = 4

/** The lines of a run about its keys and its TLS, and about fields that the dialect cannot fill. */
export function protectionLines(
  { keys, tls }: { readonly keys: RunKeys; readonly tls: TlsOptions | undefined },
  { usesKeys, leftOut }: { readonly usesKeys: boolean; readonly leftOut: readonly LeftOut[] },
  dialect: Dialect,
): readonly string[] {
  const lacks = lacksLine(keys, dialect, leftOut)
  return [
    ...(usesKeys ? [keysLine(keys)] : []),
    ...(lacks === undefined ? [] : [lacks]),
    ...fieldLackLines(dialect),
    ...keys.warnings.map((warning) => `warning: ${warning}`),
    ...(tls?.insecure === true ? [insecureLine] : []),
  ]
}

export const insecureLine = 'TLS is INSECURE: the certificate of the peer is not checked (--insecure)'

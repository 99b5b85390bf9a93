// The stranger's test: questions that somebody has who sees this project for the first time, each with the file that the names
// of folders and files lead to. It keeps those answers where they are: a file that moves or loses its answer fails here, and
// whoever moves it asks the question again.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { src } from './source-tree.js'

/** The question, where the names lead, and the export that answers. */
const questions: readonly (readonly [question: string, file: string, answer: string])[] = [
  ['Where is the MAC of an answer checked?', 'terminal/keys/answer-check.ts', 'checkAnswerMac'],
  ['Where is the MAC of a request checked?', 'acquirer/keys/security.ts', 'createAcquirerSecurity'],
  ['Where is a PIN block made?', 'crypto/pin/pin-block.ts', 'encodePinBlock'],
  ['Where do the keys of a DUKPT transaction come from?', 'crypto/dukpt-keys.ts', 'createDukpt'],
  ['Where does a terminal get its next trace number?', 'terminal/terminal.ts', 'nextStan'],
  ['Where is what a terminal owes to the host kept and sent again?', 'terminal/money/owed.ts', 'createOwed'],
  ['Where is a late answer told from one that nobody asked for?', 'transport/client/pending.ts', 'createPending'],
  ['Where is a payment counted that was not timely?', 'measure/latency/recorder.ts', 'createRecorder'],
  ['Where does a percentile come from?', 'measure/latency/histogram.ts', 'TimeHistogram'],
  ['Where are Poisson arrivals drawn?', 'load/arrivals.ts', 'poissonArrivals'],
  ['Where are the books of both sides compared?', 'measure/money/books.ts', 'compareBooks'],
  ['Where is the fee of a merchant worked out?', 'acquirer/settlement/fee.ts', 'feeParts'],
  ['Where does a request wait for a worker of the host?', 'acquirer/intake/service-model.ts', 'createServiceModel'],
  ['Where is a bitmap read?', 'codec/head/bitmap.ts', 'compileBitmap'],
  ['Where is a card number in a text masked?', 'base/mask.ts', 'maskText'],
  ['Where is it decided to change over to another host?', 'terminal/paths/path-choice.ts', 'createPathChoice'],
  ['Where is the exit code of a run chosen?', 'cli/exit-codes.ts', 'exitCodeOf'],
  ['Where is the cause of a late payment named?', 'measure/causes/diagnose.ts', 'diagnose'],
  ['Where are frames cut out of a stream?', 'framing/deframer.ts', 'createDeframer'],
  ['Where is a scenario taken apart?', 'scenario/parts.ts', 'takeApart'],
  ['Where are amounts of sales drawn?', 'terminal/requests/amounts.ts', 'createAmounts'],
  ['Where are reversals written down before they leave?', 'terminal/journal/journal.ts', 'createJournal'],
  ['Where does a client wait before it dials again?', 'transport/client/backoff.ts', 'createBackoff'],
  ['Where is a peer slowed down that sends too fast?', 'transport/server/pace.ts', 'createPaces'],
  ['Where is a wrong framing guessed from its first bytes?', 'framing/misfit.ts', 'looksLike'],
  ['Where is a spec file of another project read?', 'codec/importers/import-dialect.ts', 'importDialect'],
  ['Where is it decided what may be shown of a field?', 'codec/masks/field-mask.ts', 'fieldMask'],
  ['Where is the check value of a DES key worked out?', 'crypto/keys/key-check-value.ts', 'kcvDes'],
  ['Where is it decided which messages a fault takes?', 'faults/selector.ts', 'createSelection'],
  ['Where does it stand what a 4g line is like?', 'faults/profiles.ts', 'networkProfiles'],
  ['Where is a generator found that was the bottleneck?', 'measure/saturation.ts', 'saturatedBecause'],
  ['Where is it decided whether a run has passed?', 'measure/verdict.ts', 'judgeRun'],
  ['Where are the files of a run written?', 'run/files/run-folder.ts', 'writeRunFolder'],
  ['Where is a key refused that a dialect has no use for?', 'run/keys/key-uses.ts', 'requireUsed'],
  ['Where does Ctrl-C end a run?', 'cli/interrupts.ts', 'listenForInterrupts'],
  ['Where is a value of --set put into a scenario?', 'scenario/overlay.ts', 'assign'],
  ['Where is a scenario file read?', 'scenario/reader.ts', 'parseScenario'],
  ['Where are requests of one merchant held to a rate?', 'acquirer/intake/limiter.ts', 'createLimiter'],
  ['Where does the host undo a sale?', 'acquirer/ledger/post-reversal.ts', 'postReversal'],
  ['Where does time pass in a simulated run?', 'base/virtual-clock.ts', 'createVirtualClock'],
]

test.each(questions)('%s in src/%s', (_question, file, answer) => {
  const text = readFileSync(join(src, file), 'utf8')
  expect(text).toMatch(new RegExp(`^export (?:const|function\\*?|class|async function) ${answer}\\b`, 'm'))
})
